"""Style, icons, script and fonts: joined, named by their content and compressed once, then served for ever."""

import gzip
import re
from hashlib import sha256
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

SOURCE = Path(__file__).parent / "static"
NOT_SAID = re.compile(r"""/\*.*?\*/|("[^"]*")| ?([{};,]) ?|(?<=:) """, re.S)      # remarks and room between signs
FOREVER = 31_536_000            # seconds: a name changes with its content


def build(target: Path) -> dict[str, str]:
    """Write the hashed files into `target` and return logical name -> hashed name. Doing it twice changes nothing."""
    names: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.is_dir() and list(path.glob("*.js")):       # a folder of scripts is one script
            names[f"{path.name}.js"] = _write(target, f"{path.name}.js", b"".join(
                part.read_bytes() for part in sorted(path.glob("*.js"))))
        elif path.suffix in {".svg", ".woff2", ".png", ".webmanifest"} or path in SOURCE.glob("*.js"):
            names[path.name] = _write(target, path.name, path.read_bytes())
    css = "".join(path.read_text() for path in sorted((SOURCE / "css").glob("*.css")))
    css = re.sub(r"\s+", " ", css)
    css = NOT_SAID.sub(lambda found: found[1] or found[2] or "", css)
    for font in (SOURCE / "fonts").glob("*.woff2"):
        css = css.replace(f"../fonts/{font.name}", names[font.name])
    names["app.css"] = _write(target, "app.css", css.encode())
    return names


def _write(target: Path, name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    hashed = f"{stem}.{sha256(content).hexdigest()[:12]}{dot}{suffix}"
    path = target / hashed
    if not path.exists():
        packed = gzip.compress(content, 9, mtime=0)
        for place, data in ((path.with_name(path.name + ".gz"), packed), (path, content)):
            if place.suffix == ".gz" and (suffix == "woff2" or len(packed) > len(content)):
                continue
            temporary = place.with_name(place.name + ".part")
            temporary.write_bytes(data)
            temporary.replace(place)
    return hashed


def install(app: Flask) -> None:
    target = app.config["INSTANCE"] / "static"
    target.mkdir(parents=True, exist_ok=True)
    names = build(target)
    urls = {name: f"/s/{hashed}" for name, hashed in names.items()}
    app.jinja_env.globals["asset"] = urls.__getitem__
    app.jinja_env.globals["ICONS"] = urls["icons.svg"]
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(target), prefix="s/", max_age=FOREVER, add_headers_function=_immutable,
        allow_all_origins=False)


def _immutable(headers: object, path: str, url: str) -> None:
    headers["Cache-Control"] = f"public, max-age={FOREVER}, immutable"  # type: ignore[index]
    headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # type: ignore[index]
