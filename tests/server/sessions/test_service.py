"""Sessions: opened anew, found, ended, expired; only a hash is kept."""

from datetime import timedelta
from uuid import UUID

from server.kernel.unit_of_work import UnitOfWork
from server.sessions import service
from tests.server.database_under_test import NOW, Transactions

ANNA = UUID("01890000-0000-7000-8000-000000000501")
BEN = UUID("01890000-0000-7000-8000-000000000502")


def test_a_session_is_its_owners_until_it_ends(uow: UnitOfWork) -> None:
    token = service.open_session(uow, ANNA)
    assert service.owner_of(uow, token) == ANNA

    service.end_session(uow, token)

    assert service.owner_of(uow, token) is None


def test_two_log_ins_are_two_sessions(uow: UnitOfWork) -> None:
    first, second = service.open_session(uow, ANNA), service.open_session(uow, ANNA)

    service.end_session(uow, first)

    assert service.owner_of(uow, second) == ANNA


def test_a_person_is_logged_out_everywhere(uow: UnitOfWork) -> None:
    tokens = [service.open_session(uow, ANNA) for _ in range(3)]
    other = service.open_session(uow, BEN)

    service.end_every_session(uow, ANNA)

    assert [service.owner_of(uow, token) for token in tokens] == [None] * 3
    assert service.owner_of(uow, other) == BEN


def test_a_session_expires(begin: Transactions) -> None:
    with begin(now=NOW) as uow:
        token = service.open_session(uow, ANNA)
    with begin(now=NOW + service.LIFETIME - timedelta(seconds=1)) as uow:
        assert service.owner_of(uow, token) == ANNA
    with begin(now=NOW + service.LIFETIME) as uow:
        assert service.owner_of(uow, token) is None


def test_nonsense_is_nobodys_session(uow: UnitOfWork) -> None:
    service.open_session(uow, ANNA)

    for text in ("", "zz", "00" * 31, "00" * 33, "00" * 32, "٣٣"):
        assert service.owner_of(uow, text) is None
        service.end_session(uow, text)
