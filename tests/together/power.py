"""Cuts the power of one machine at a chosen point of a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event


class PowerCut(BaseException):
    """A machine is gone; only the simulation catches this."""


@contextmanager
def power_cut_after(engine: Engine, statements: int | None, machine: object) -> Iterator[None]:
    """Cut the power before a statement or, if there are fewer, before the commit.

    Args:
        engine: of the machine's database.
        statements: how many statements are still run, 0 and up; None leaves the power on.
        machine: whose power it is; named by the cut.

    Raises:
        PowerCut: at that point; the transaction was rolled back.
    """
    if statements is None:
        yield
        return
    left = statements

    def count(*_: object) -> None:
        nonlocal left
        if left <= 0:
            raise PowerCut(machine)
        left -= 1

    def cut(*_: object) -> None:
        raise PowerCut(machine)

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", cut)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", cut)
