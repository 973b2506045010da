"""Closes the network to tests: only this machine itself can be reached.

An audit hook sees every socket of the process, also those of libraries, and cannot be undone.
"""

import ipaddress
import sys
from collections.abc import Callable

NAMES_OF_THIS_MACHINE = {None, "", "localhost", b"", b"localhost"}


class NetworkClosedError(Exception):
    """A test tried to leave this machine."""


def _is_this_machine(host: object) -> bool:
    if host in NAMES_OF_THIS_MACHINE:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_connection(_socket: object, address: object) -> None:
    # An address that is no tuple is a path: a local socket.
    if isinstance(address, tuple) and not _is_this_machine(address[0]):
        raise NetworkClosedError(f"a test tried to reach {address[0]}:{address[1]}")


def _refuse_lookup(host: object, *_rest: object) -> None:
    if not _is_this_machine(host):
        raise NetworkClosedError(f"a test tried to look up {host!r}")


_CHECKS: dict[str, Callable[..., None]] = {
    "socket.connect": _refuse_connection,
    "socket.sendto": _refuse_connection,
    "socket.getaddrinfo": _refuse_lookup,
    "socket.gethostbyname": _refuse_lookup,
}


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    check = _CHECKS.get(event)
    if check is not None:
        check(*arguments)


def close_network() -> None:
    """Refuse, from now on and in this process, every address that is not loopback."""
    sys.addaudithook(_watch)
