import socket
import threading
from collections.abc import Iterator

import pytest

from server.demo.line import Line


@pytest.fixture
def echo_port() -> Iterator[int]:
    """A server that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection: socket.socket) -> None:
        with connection:
            while chunk := connection.recv(1000):
                connection.sendall(chunk)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture
def line(echo_port: int) -> Iterator[Line]:
    with Line(echo_port) as line:
        yield line


def connected(line: Line) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", line.port), 5)
    connection.settimeout(5)
    return connection


def received(connection: socket.socket) -> bytes:
    """What comes back; nothing when the line is dead, however it says so."""
    try:
        return connection.recv(100)
    except OSError:
        return b""


def test_a_whole_line_passes_bytes_both_ways(line: Line) -> None:
    with connected(line) as connection:
        connection.sendall(b"two coffees")
        assert received(connection) == b"two coffees"


def test_cutting_the_line_drops_what_is_under_way(line: Line) -> None:
    with connected(line) as connection:
        connection.sendall(b"two")
        assert received(connection) == b"two"
        line.cut()
        assert received(connection) == b""


def test_a_cut_line_lets_nobody_through_until_it_is_mended(line: Line) -> None:
    line.cut()
    with connected(line) as connection:
        assert received(connection) == b""
    line.mend()
    with connected(line) as connection:
        connection.sendall(b"again")
        assert received(connection) == b"again"


def test_a_line_without_a_server_behind_it_is_dead_and_recovers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free_port = listener.getsockname()[1]
    with Line(free_port) as line, connected(line) as connection:
        assert received(connection) == b""
