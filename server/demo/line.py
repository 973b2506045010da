"""The line between a till and the server: a loopback relay that the demo can cut.

A cut line refuses new connections and drops those under way, as an unplugged router does.
"""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

CHUNK_BYTES = 65_536
CONNECT_SECONDS = 5.0


class Line:
    """Relays TCP connections to one port of this machine.

    Args:
        server_port: the port of this machine where the server listens.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._guard = threading.Lock()
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self._is_closed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="line", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where a till finds the server through this line."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Drop every connection, and every new one until `mend`."""
        with self._guard:
            self._is_cut = True
            for end in self._open:
                _drop(end)

    def mend(self) -> None:
        """Let connections through again."""
        with self._guard:
            self._is_cut = False

    def close(self) -> None:
        """Cut the line for good and free its port."""
        self._is_closed = True
        self.cut()
        # Wakes the thread out of accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(CONNECT_SECONDS)
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                till_end, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(till_end,), daemon=True).start()

    def _connect(self, till_end: socket.socket) -> None:
        """Join a till's connection to a new one to the server, and relay until either ends."""
        with till_end:
            if self._is_cut:
                _drop(till_end)
                return
            try:
                server_end = socket.create_connection(
                    ("127.0.0.1", self._server_port), CONNECT_SECONDS
                )
            except OSError:
                _drop(till_end)
                return
            with server_end:
                server_end.settimeout(None)
                self._relay_both_ways(till_end, server_end)

    def _relay_both_ways(self, till_end: socket.socket, server_end: socket.socket) -> None:
        with self._guard:
            self._open |= {till_end, server_end}
            if self._is_cut:
                _drop(till_end)
        back = threading.Thread(target=_relay, args=(server_end, till_end), daemon=True)
        back.start()
        _relay(till_end, server_end)
        back.join()
        with self._guard:
            self._open -= {till_end, server_end}


def _relay(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until either side is gone, then end both."""
    # A connection may break at any byte; a line has nothing to add to that.
    with contextlib.suppress(OSError):
        while chunk := source.recv(CHUNK_BYTES):
            target.sendall(chunk)
    _drop(source)
    _drop(target)


def _drop(end: socket.socket) -> None:
    # It may be gone already.
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
