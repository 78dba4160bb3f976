"""Another system's address on this machine: it keeps what it is sent and answers as it is told to."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers`: (status, body) in turn, the last for ever; headers of what came are kept in small letters."""
    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, b"recibido")])
    got: list[Received] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    kept, lock = Receiver(), threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                kept.got.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, told = kept.answers.pop(0) if len(kept.answers) > 1 else kept.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
