"""Why a request cannot go on.

What a cashier sees and what must be replayed is a returned outcome (`shared.reasons`), never an
exception. The tree:

    HexiaoError
    ├── DomainError      the caller asked for something that cannot be done; `code` is stable
    ├── KnownError       the world is at fault: disk full, no network, a busy device
    └── BugError         we are at fault; show the error id and write the log
"""

from typing import ClassVar


class HexiaoError(Exception):
    """Anything this product raises on purpose."""


class DomainError(HexiaoError):
    """A request that cannot be carried out, with the facts a person needs to mend it.

    Attributes:
        code: stable, lower case with underscores; clients and translations go by it.
        facts: what happened, by name; never a secret, never personal data.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({listed})" if listed else self.code


class NotFoundError(DomainError):
    """The named thing does not exist, or not for this caller."""

    code = "not_found"


class NotAllowedError(DomainError):
    """The caller is known but may not do this."""

    code = "not_allowed"


class InvalidInputError(DomainError):
    """The request is well formed but a value in it is not acceptable."""

    code = "invalid_input"


class ConflictError(DomainError):
    """The request contradicts what has already been recorded."""

    code = "conflict"


class TooManyAttemptsError(DomainError):
    """A limit on guessing was reached; `facts` says when to try again."""

    code = "too_many_attempts"


class KnownError(HexiaoError):
    """The environment stopped us: a full disk, a missing device, a line that is down."""


class BugError(HexiaoError):
    """Something that cannot happen did: a fault of ours."""
