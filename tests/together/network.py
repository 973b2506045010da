"""The line between tills and the server: messages that get lost, late, doubled, out of order."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a message asks for."""

    upload = "upload"
    """A sync that carries events."""
    poll = "poll"
    """A sync that carries none."""
    ask = "ask"
    """May a voucher be redeemed that the till does not hold?"""
    nonce = "nonce"
    """A number to be used once, for a hello."""
    hello = "hello"
    """Where journal and feed stand."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request on its way to the server, or a reply on its way back.

    Attributes:
        name: of this request, the same for its copies and its reply.
        kind: what it asks for.
        till: number of the till that sent it.
        raw: the bytes on the line.
        is_reply: its direction.
    """

    name: bytes
    kind: Kind
    till: int
    raw: bytes
    is_reply: bool = False

    @property
    def key(self) -> bytes:
        """Tells it from every other message, except its own copies."""
        return self.name + bytes([self.is_reply])

    def answered_by(self, raw: bytes) -> "Message":
        """The reply to this request."""
        return replace(self, raw=raw, is_reply=True)


class Network:
    """Every message that may still arrive, and every request that was ever sent."""

    def __init__(self) -> None:
        self.flying: list[Message] = []
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        """Put a message on the line."""
        self.flying.append(message)
        if not message.is_reply:
            self.sent.append(message)

    def take(self, message: Message) -> None:
        """Take a message off the line, to deliver it or to lose it."""
        self.flying.remove(message)

    def cut(self, till: int) -> None:
        """Lose everything that is under way from or to a till."""
        self.flying = [message for message in self.flying if message.till != till]
