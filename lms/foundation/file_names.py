"""The name of a file that somebody sends, made harmless. Pure."""

import re

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\"<>|?*:;]")


def file_name(sent: str) -> str:
    """The name of a file without the path it was sent with, nor what could mislead a person or a disk."""
    name = FORBIDDEN.sub("", re.split(r"[/\\]", sent)[-1]).strip(" .")
    stem, dot, kind = name.rpartition(".")
    if not dot or not stem.strip():
        return (name or "archivo")[:120]
    return f"{stem.strip()[:100]}.{kind[:10]}"
