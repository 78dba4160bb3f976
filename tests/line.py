"""A line between a browser and the site that breaks on purpose: a small TCP proxy that knows just enough HTTP."""

import asyncio
import socket
import threading
from contextlib import suppress

WHOLE, BEFORE, AFTER, HALF, TWICE, SLOW = "whole", "cut before", "cut after the commit", "half an answer", "twice", "slow"


class Line:
    """`line.url` stands for the site. `line.does(how)` says what happens to each save from now on; `line.broken` counts."""

    def __init__(self, port: int):
        self.upstream, self.how, self.left, self.broken = port, WHOLE, 0, 0
        self.loop, started = asyncio.new_event_loop(), threading.Event()
        self.served: dict[asyncio.Task, asyncio.StreamWriter] = {}      # a loop alone holds its tasks weakly
        self.thread = threading.Thread(target=self._run, args=(started,))
        self.thread.start()
        started.wait()
        self.url = f"http://127.0.0.1:{self.port}"

    def does(self, how: str, times: int = 1 << 30) -> None:
        self.how, self.left = how, times

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, family=socket.AF_INET))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()
        server.close()
        quiet = 0
        while quiet < 3:                                        # who rang at the last moment is let in late
            left = asyncio.all_tasks(self.loop) | self.served.keys()
            quiet = 0 if left else quiet + 1
            for writer in list(self.served.values()):
                writer.transport.abort()
            for task in left:
                task.cancel()
            if left:
                self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self.loop.run_until_complete(asyncio.sleep(0.05))
        self.loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self.served[task] = writer
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
                await self._pass(await self._request(reader), writer)
        finally:
            writer.close()
            del self.served[task]

    async def _pass(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        if (how := self._fate(request)) == BEFORE:
            return
        answer = await self._ask(request)
        if how == TWICE:
            answer = await self._ask(request)
        if how == SLOW:
            await asyncio.sleep(3)
        writer.write({AFTER: b"", HALF: answer[:len(answer) // 2]}.get(how, answer))
        await writer.drain()

    def _fate(self, request: bytes) -> str:
        first = request.split(b"\r\n", 1)[0]
        if self.how == WHOLE or not self.left or not (first.startswith(b"POST") and b"/respuestas" in first):
            return WHOLE
        self.left -= 1
        self.broken += 1
        return self.how

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        """One a connection: both ends are told that it closes."""
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[:-2]
        size = next((int(line.split(b":")[1]) for line in head if line.lower().startswith(b"content-length:")), 0)
        kept = [line for line in head if not line.lower().startswith(b"connection:")]
        return b"\r\n".join([*kept, b"Connection: close", b"", b""]) + await reader.readexactly(size)

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()
