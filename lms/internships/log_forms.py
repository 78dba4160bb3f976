"""What goes into the hours log: by form, and as the phone kept it."""

import json
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.foundation.clock import of_device
from lms.foundation.forms import PostForm
from lms.internships.hours import LONGEST_ACTIVITY, Entry

NEEDED = "Falta completarlo."
MOST, MOST_PHOTO = 20, 700_000          # entries at once; bytes of a photo that comes with a script


class Malformed(ValueError):
    """Not what the log's page sends."""


@dataclass(frozen=True)
class Sent:
    """An entry as a phone kept it."""
    key: str
    entry: Entry
    written_at: datetime
    replaces: int | None


@dataclass(frozen=True)
class SentPhoto:
    """A photo of an entry that was sent before it: `of` is that entry's key."""
    key: str
    of: str
    name: str
    content: bytes


class EntryForm(PostForm):
    """Hours of one day. `key` is the form's own: sent twice, it is kept once."""
    key = HiddenField()
    replaces = HiddenField()
    day = DateField("Día", [InputRequired(NEEDED)])
    starts = TimeField("Desde", [InputRequired(NEEDED)])
    ends = TimeField("Hasta", [InputRequired(NEEDED)])
    pause = IntegerField("Pausa (minutos)", [Optional(), NumberRange(0, 600)], default=0)
    activity = TextAreaField("Qué se hizo", [InputRequired(NEEDED), Length(max=LONGEST_ACTIVITY)])
    outcome = SelectField("Resultado del plan", validate_choice=False)
    remote = BooleanField("Fue a distancia")
    photos = MultipleFileField("Fotos")

    @property
    def entry(self) -> Entry:
        return Entry(self.day.data, f"{self.starts.data:%H:%M}", f"{self.ends.data:%H:%M}", self.pause.data or 0, 0,
                     self.remote.data, self.activity.data.strip(), self.reached)

    @property
    def reached(self) -> str:
        """The plan's outcome; none where the plan has changed since the page was opened."""
        return self.outcome.data if self.outcome.data in dict(self.outcome.choices or ()) else ""

    @property
    def old(self) -> int | None:
        told = self.replaces.data or ""
        return int(told) if told.isdecimal() and len(told) < 10 else None


class SignForm(PostForm):
    """What the host says of what is shown."""
    shown = HiddenField()               # the hash of what was shown
    decision = HiddenField()
    name = StringField("Nombre de quien firma", [InputRequired(NEEDED), Length(max=160)])
    comment = TextAreaField("Comentario", [Optional(), Length(max=1000)])


def sent(body: bytes, now: datetime) -> list[Sent | SentPhoto]:
    """The entries of one sending; what the phone's clock is off by is taken out of when they were written."""
    try:
        told = json.loads(body)
        off = now - of_device(told["clock"])
        entries = told["entries"]
        if not isinstance(entries, list) or not 0 < len(entries) <= MOST:
            raise Malformed("entries")
        return [_photo(entry) if "data" in entry else _one(entry, off) for entry in entries]
    except (ValueError, TypeError, KeyError, OverflowError, OSError, Error) as wrong:
        raise Malformed(str(wrong)) from wrong


def _one(told: dict[str, Any], off: timedelta) -> Sent:
    key, texts = told["key"], [told[name] for name in ("day", "starts", "ends", "activity", "outcome")]
    if not isinstance(key, str) or not 8 <= len(key) <= 40 or not all(isinstance(text, str) for text in texts):
        raise Malformed("entry")
    pause, replaces = told.get("pause") or 0, told.get("replaces")
    if isinstance(pause, bool) or not isinstance(pause, int) or not isinstance(replaces, int | None):
        raise Malformed("entry")
    day, starts, ends, activity, outcome = texts
    return Sent(key, Entry(date.fromisoformat(day), starts[:5], ends[:5], min(max(pause, -1), 6000), 0,
                           bool(told.get("remote")), activity[:LONGEST_ACTIVITY], outcome[:40]),
                of_device(told["at"]) + off, replaces)


def _photo(told: dict[str, Any]) -> SentPhoto:
    key, of, name, data = (told[part] for part in ("key", "of", "name", "data"))
    if not all(isinstance(part, str) for part in (key, of, name, data)) or len(data) > MOST_PHOTO * 4 // 3 + 4:
        raise Malformed("photo")
    return SentPhoto(key[:40], of[:40], name[:120], b64decode(data, validate=True))
