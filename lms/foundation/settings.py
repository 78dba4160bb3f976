"""Where this installation keeps its things: read from the environment once, when the app is made."""

import os
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

ROOT = Path(__file__).parents[2]


def instance_folder() -> Path:
    return Path(os.environ.get("LMS_INSTANCE") or ROOT / "instance").resolve()


def prepare(folder: Path) -> None:
    """Make the folder for database, uploads, keys and mail, readable by this user only."""
    for part in (folder, folder / "files", folder / "mail", folder / "static"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    secret = folder / "secret"
    if not secret.exists():
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(token_urlsafe(48))


def read() -> dict[str, Any]:
    """Settings of this installation; the environment changes them: see docs/running-it.md."""
    folder = instance_folder()
    prepare(folder)
    port = os.environ.get("PORT", "8000")
    url = os.environ.get("LMS_URL") or f"http://127.0.0.1:{port}"
    return {
        "INSTANCE": folder,
        "DATABASE": database_url(os.environ.get("LMS_DATABASE") or f"sqlite:///{folder / 'lms.sqlite'}"),
        "SECRET_KEY": (folder / "secret").read_text(),
        "COURSES": Path(os.environ.get("LMS_COURSES") or ROOT / "courses"),
        "URL": url.rstrip("/"),
        "SMTP": os.environ.get("LMS_SMTP", ""),
        "MAIL_FROM": os.environ.get("LMS_MAIL_FROM", "Escuela de Gobierno Local <no-responder@localhost>"),
        "CONTACT": os.environ.get("LMS_CONTACT", ""),       # where people write to: shown on the public pages
        "WITNESSES": os.environ.get("LMS_WITNESSES", ""),   # addresses to which the head of the actas' chain is mailed
        "PULL": os.environ.get("LMS_PULL", ""),             # when sources of credits are asked: "03:30", "6h", "no"
        "EVENTS_LOCAL": os.environ.get("LMS_EVENTS_LOCAL", ""),     # origins told of events though they are not public
        "PROXIES": int(os.environ.get("LMS_PROXIES", "0")),
        "FILES": os.environ.get("LMS_FILES", ""),
        "S3": {name: value for name, value in os.environ.items() if name.startswith("AWS_")},
        "JOURNAL": Path(os.environ["LMS_JOURNAL"]) if os.environ.get("LMS_JOURNAL") else None,
        # How papers are sealed: see docs/signatures.md
        "SEAL_NAME": os.environ.get("LMS_SEAL_NAME", ""),
        "SEAL_COUNTRY": os.environ.get("LMS_SEAL_COUNTRY", ""),
        "SEAL_LEVEL": os.environ.get("LMS_SEAL_LEVEL", ""),
        "TSA": os.environ.get("LMS_TSA", ""),
        "ANCHORS": Path(os.environ["LMS_ANCHORS"]) if os.environ.get("LMS_ANCHORS") else None,
        "PKCS11": os.environ.get("LMS_PKCS11", ""),
        "DEMO": (folder / "demo").exists(),
    }


def database_url(text: str) -> str:
    """SQLAlchemy's name for PostgreSQL's driver is put in, so that the usual postgresql:// URL works."""
    for usual in ("postgres://", "postgresql://"):
        if text.startswith(usual):
            return "postgresql+psycopg://" + text.removeprefix(usual)
    return text
