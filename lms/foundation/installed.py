"""What a room has put into the running app, found by its name."""

from typing import Any

from flask import current_app


def installed(name: str) -> Any:
    return current_app.extensions[name]
