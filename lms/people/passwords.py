"""Passwords: hashed with argon2id, and compared in the same time whether or not there is one to compare with."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's least: 19 MiB, two passes. About 20 ms; argon2-cffi's own defaults take 160.
HASHER = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$MG9TDqYOYmbTmWswACxiyQ$JsCoPFQMj9WV0fBK35DzfXHkhxRj6hEfpGkeBzhZe1g"


LONGEST = 1000                  # characters looked at: putting long runs of combining marks in order takes for ever


def hashed(password: str) -> str:
    return HASHER.hash(_same(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether this is the password. With none stored the same work is done, and the answer is no."""
    try:
        right = HASHER.verify(stored or NOBODYS, _same(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def is_stale(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's and should be hashed again."""
    return HASHER.check_needs_rehash(stored)


def _same(password: str) -> str:
    """Keyboards write "é" in two ways; a password typed on either is the same."""
    return unicodedata.normalize("NFKC", password[:LONGEST])
