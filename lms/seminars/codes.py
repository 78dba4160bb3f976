"""What is shown at the door: the code on the screen, new every half minute, and the short code a person types. Pure."""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

SLOT = 30                                   # seconds that one code is on the screen
KEPT = 3                                    # slots for which it is taken: whoever scans needs time to open the page
PASS = timedelta(minutes=10)                # for which a code that was scanned in time lets its form be sent
ALPHABET = "23456789CFGHJMPQRVWX"           # no vowel, nothing that looks like something else (RFC 8628 §6.1)
TICKET = re.compile(r"^[A-Za-z0-9_-]{16,40}$")


@dataclass(frozen=True)
class Shown:
    """A code of the screen, read."""
    device_id: int
    session_id: int | None
    at: datetime                            # when it was put on the screen


class Stale(ValueError):
    """It was genuine, and its time is over. `at` is when it was shown."""

    def __init__(self, at: datetime):
        super().__init__("stale")
        self.at = at


def _signature(key: bytes, purpose: str, message: str) -> str:
    return hmac.new(key, f"{purpose}|{message}".encode(), sha256).hexdigest()[:24]


def screen(key: bytes, device_id: int, session_id: int | None, now: datetime) -> str:
    """What the screen shows now: "7.3.k2x9p.1f…", 96 bits of HMAC-SHA256."""
    message = f"{device_id}.{session_id or 0}.{int(now.timestamp()) // SLOT}"
    return f"{message}.{_signature(key, 'screen', message)}"


def read_screen(key: bytes, token: str, now: datetime) -> Shown | None:
    """What a screen showed; None when no screen of ours did. Raises Stale when its time is over."""
    message, _, signature = token.rpartition(".")
    if not re.fullmatch(r"\d{1,9}\.\d{1,9}\.\d{1,12}", message):
        return None
    if not hmac.compare_digest(signature, _signature(key, "screen", message)):
        return None
    device, session, slot = (int(part) for part in message.split("."))
    at = datetime.fromtimestamp(slot * SLOT, UTC)
    if not 0 <= int(now.timestamp()) // SLOT - slot < KEPT:
        raise Stale(at)
    return Shown(device, session or None, at)


def ticket_pass(key: bytes, shown: Shown, now: datetime) -> str:
    """What the form carries once a code was scanned in time, so that writing one's name does not cost the minute."""
    message = f"{shown.device_id}.{shown.session_id or 0}.{int(now.timestamp())}"
    return f"{message}.{_signature(key, 'pass', message)}"


def read_pass(key: bytes, token: str, now: datetime) -> Shown | None:
    """The scan that the form goes back to; None when it is not ours or too old."""
    message, _, signature = token.rpartition(".")
    if not re.fullmatch(r"\d{1,9}\.\d{1,9}\.\d{1,12}", message):
        return None
    if not hmac.compare_digest(signature, _signature(key, "pass", message)):
        return None
    device, session, at = (int(part) for part in message.split("."))
    scanned = datetime.fromtimestamp(at, UTC)
    return Shown(device, session or None, scanned) if timedelta(0) <= now - scanned <= PASS else None


def typed_screen(key: bytes, device_id: int, session_id: int | None, now: datetime) -> str:
    """The same to be typed: six characters of the alphabet, 26 bits, for whom the camera will not do."""
    message = f"{device_id}.{session_id or 0}.{int(now.timestamp()) // SLOT}"
    number = int(_signature(key, "typed", message), 16)
    return "".join(ALPHABET[number // 20 ** place % 20] for place in range(6))


def typed_codes(key: bytes, device_id: int, session_id: int | None, now: datetime) -> set[str]:
    """Those that are taken now: what is on the screen and what was there a moment ago."""
    return {typed_screen(key, device_id, session_id, now - timedelta(seconds=SLOT * n)) for n in range(KEPT)}


def typed(text: str) -> str:
    """What somebody meant: capitals, without the spaces and dashes that help the eye."""
    return re.sub(r"[^0-9A-Z]", "", text[:60].upper())


def wanted(scanned: str) -> str:
    """The ticket, or the short code, in what a scanner or a person gave: an address, a ticket, a code."""
    text = scanned.strip()
    last = re.split(r"[/?#]", text.split("?")[0].rstrip("/"))[-1] if "/" in text else text
    return last if TICKET.match(last) else typed(last)
