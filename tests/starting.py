"""Cold start and memory of one worker: ours and the bare stack's, each in a process of its own (see tests/bench.py)."""

import json
import logging
import time
from pathlib import Path
from tempfile import TemporaryDirectory


def told(began: float, page) -> None:
    first = page()
    ready = time.process_time() - began
    for _ in range(200):
        page()
    early = memory()
    for _ in range(10_000):
        page()
    print(json.dumps({"status": first, "first_page_cpu_s": round(ready, 3), "memory_mib": round(early, 1),
                      "memory_mib_after_10_000": round(memory(), 1)}))


def memory() -> float:
    """The most this process has held, in MiB. (ru_maxrss would tell of the parent too.)"""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def ours(folder: str) -> None:
    """An installation that has run before: its templates are compiled and its static files built."""
    began = time.process_time()
    from lms import create_app  # noqa: PLC0415  (what is measured is this import)
    tmp = Path(folder)
    for part in ("files", "mail", "static"):
        (tmp / part).mkdir(exist_ok=True)
    app = create_app(INSTANCE=tmp, DATABASE=f"sqlite:///{tmp}/x.sqlite", SECRET_KEY="x", URL="http://localhost",
                     SMTP="", MAIL_FROM="e@example.org", COURSES=tmp)
    logging.getLogger("lms").setLevel(logging.WARNING)
    client = app.test_client()
    told(began, lambda: client.get("/ingresar").status_code)


def bare() -> None:
    began = time.process_time()
    from tests import floor  # noqa: PLC0415  (what is measured is this import)
    with TemporaryDirectory() as folder:
        app = floor.build(f"sqlite:///{folder}/x.sqlite")
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = "t"
        told(began, lambda: client.get("/5/60/15000").status_code)
