"""Mail: a job in the outbox, sent by SMTP when one is configured and otherwise left as a file in instance/mail."""

import smtplib
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.orm import Session

from lms.foundation import outbox


def send(session: Session, now: datetime, to: str, subject: str, text: str,
         attached: Sequence[tuple[str, str]] = (), calendar: str = "") -> None:
    """Queue a message; it leaves once the transaction has been kept. `attached`: (name, SHA-256 of a kept PDF);
    `calendar`: an event (RFC 5545) to go with it."""
    more: dict[str, Any] = {"attached": [list(one) for one in attached]} if attached else {}
    if calendar:
        more["calendar"] = calendar
    outbox.put(session, now, "mail", to=to, subject=subject, text=text, at=now.isoformat(), **more)


def install(app: Flask) -> None:
    def deliver(job_id: int, to: str, subject: str, text: str, at: str,
                attached: Sequence[tuple[str, str]] = (), calendar: str = "") -> None:
        message = compose(app, job_id, to, subject, text, datetime.fromisoformat(at))
        for name, digest in attached:
            message.add_attachment(app.extensions["files"].read(digest), "application", "pdf", filename=name)
        if calendar:
            message.add_attachment(calendar, "calendar", filename="evento.ics", params={"method": "PUBLISH"})
        if app.config["SMTP"]:
            _by_smtp(app.config["SMTP"], message)
        else:
            _to_folder(app.config["INSTANCE"] / "mail", job_id, message)
    outbox.handles(app, "mail", deliver)


def compose(app: Flask, job_id: int, to: str, subject: str, text: str, at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = app.config["MAIL_FROM"], to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = at
    # The same job has the same id, so that a second delivery of it can be told by the receiver.
    message["Message-ID"] = make_msgid(f"job{job_id}", urlsplit(app.config["URL"]).hostname or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _by_smtp(url: str, message: EmailMessage) -> None:
    """smtp://user:password@host:587 (STARTTLS), or smtps://… (TLS from the start)."""
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=20) as server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(parts.username, parts.password or "")
        server.send_message(message)


def _to_folder(folder: Path, job_id: int, message: EmailMessage) -> None:
    path = folder / f"{job_id:06}.eml"
    path.write_bytes(message.as_bytes())
    path.chmod(0o600)
