"""Structured logs: one JSON object a line, each with the id of the request it belongs to."""

import json
import logging
import sys
import time
import traceback
from secrets import token_hex
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy.exc import OperationalError

log = logging.getLogger("lms")


class JsonLines(logging.Formatter):
    """Everything a line says is JSON-quoted, so that no text from outside can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower(),
                "message": record.getMessage(), **getattr(record, "facts", {})}
        if has_request_context():
            line["request_id"] = g.get("request_id", "")
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)         # in ASCII: in some readers U+2028 would end a line, and U+009B begin an order

    def formatException(self, ei: Any) -> str:
        """Where it broke and what kind of error it was, without its words: they may hold what was sent, as in
        "invalid literal for int(): '12.531.909-2'" or PostgreSQL's "Key (email)=(…) already exists"."""
        told, error = [], ei[1]
        while error is not None and len(told) < 5:
            words = f": {error}" if isinstance(error, (OSError, OperationalError)) else ""
            told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__ + words)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(told)


def install(app: Flask) -> None:
    if not log.handlers and not app.config.get("TESTING"):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id, g.began = token_hex(8), time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    if log.isEnabledFor(logging.INFO):               # the rule, never the URL: URLs carry codes and names
        log.info("request", extra={"facts": {
            "method": request.method, "route": request.url_rule.rule if request.url_rule else "-",
            "status": response.status_code, "ms": round((time.perf_counter() - g.began) * 1000, 1)}})
    return response
