"""A real HTTP server on loopback that answers what a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it leaves."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"


def said(message: object, status: int = 200) -> Said:
    return Said(msgspec.json.encode(message), status)


Answer = Callable[[Heard], Said]


@dataclass
class LoopbackServer:
    """Hears requests and answers them one way until told another.

    Attributes:
        answer: makes the answer of a request; may block, as a slow server does.
        heard: every request so far, in order.
    """

    url: str
    answer: Answer
    heard: list[Heard] = field(default_factory=list)


@contextmanager
def loopback_server(answer: Answer) -> Iterator[LoopbackServer]:
    """Serve on a free port until the block ends."""

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard = Heard(self.path, headers, self.rfile.read(length))
            server.heard.append(heard)
            answered = server.answer(heard)
            self.send_response(answered.status)
            self.send_header("Content-Type", answered.content_type)
            self.send_header("Content-Length", str(len(answered.body)))
            self.end_headers()
            self.wfile.write(answered.body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing; tests look at `heard`."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_arguments: object) -> None:
            """A client that goes away is part of what is tested."""

    http = Quiet(("127.0.0.1", 0), Desk)
    server = LoopbackServer(f"http://127.0.0.1:{http.server_port}", answer)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
