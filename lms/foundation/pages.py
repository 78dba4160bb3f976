"""What every page has in common: templates by room, safe headers, compression, a word carried to the next page."""

import gzip
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, Response, flash, get_flashed_messages, request
from jinja2 import FileSystemBytecodeCache, FileSystemLoader, PrefixLoader, StrictUndefined

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "media-src 'self'",
    "font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'",
    "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"))
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
WORKER = Path(__file__).parent / "workers" / "page.js"
SMALL = 700                     # bytes under which compressing is not worth it


class Compiled(FileSystemBytecodeCache):
    """Compiled templates. On a full disk a page is shown all the same, compiled anew by each process."""

    def dump_bytecode(self, bucket: Any) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def tell(message: str, kind: str = "done", url: str = "", link: str = "", undo: tuple[str, str] | None = None
         ) -> None:
    """Say something at the top of the next page, with a link to see it and a button that undoes it: `undo` is what it
    POSTs to and its words.
    Kinds: done, due, late, locked, released."""
    flash((message, url, link, undo) if url or undo else message, kind)  # type: ignore[arg-type]


def told() -> list[tuple[str, str, str, str, tuple[str, str] | None]]:
    """(kind, message, url, link, undo) of all that was said."""
    return [(kind, message, "", "", None) if isinstance(message, str) else (kind, *message)
            for kind, message in get_flashed_messages(with_categories=True)]


def worker() -> Response:
    """The service worker that keeps a page on the device. A room serves it from the folder of that page, which is all
    it may then answer for; `?nombre=` names what it keeps."""
    return Response(WORKER.read_bytes(), mimetype="text/javascript", headers={"Cache-Control": "no-store"})


def with_worker(response: Response, camera: bool = False) -> Response:
    """Let this page start its own service worker (sending.js), and open the camera if it reads codes; no other may."""
    response.headers["Content-Security-Policy"] = POLICY.replace("trusted-types 'none'", "trusted-types worker")
    if camera:
        response.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")
    return response


def install(app: Flask) -> None:
    here = app.config["ROOMS"]
    app.jinja_loader = PrefixLoader({
        folder.parent.name: FileSystemLoader(folder) for folder in here.glob("*/templates")})
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.auto_reload = bool(app.debug)
    cache = app.config.get("TEMPLATE_CACHE") or app.config["INSTANCE"] / "templates"
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = Compiled(str(cache))
    app.jinja_env.globals["range_of"] = range       # m.html has a `range` of its own: the mountains
    app.jinja_env.globals["told_before"] = told
    app.after_request(_headers)
    app.after_request(_compress)


def load_macros(app: Flask) -> None:
    """Make the parts of the look (`m.icon(…)`, `m.field(…)`) known to every template without importing them again."""
    macros: Any = app.jinja_env.get_template("foundation/m.html").module
    app.jinja_env.globals["m"] = macros


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html" or "Cache-Control" not in response.headers:
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response


def _compress(response: Response) -> Response:
    """Gzip at level 4: 15 kB of page to 4 kB in about 0.15 ms. Session cookies are SameSite=Lax, so no other
    site can have a page with a secret compressed at its bidding (BREACH)."""
    if (response.mimetype in ("text/html", "application/json") and not response.direct_passthrough
            and "gzip" in request.headers.get("Accept-Encoding", "")
            and response.calculate_content_length() and (response.content_length or 0) > SMALL):
        response.set_data(gzip.compress(response.get_data(), 4, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    if response.mimetype == "text/html":
        response.vary.add("Accept-Encoding")
    return response
