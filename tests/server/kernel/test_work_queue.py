"""Work that is due after a commit: leased by one, asked for twice is once, failures come back."""

from datetime import timedelta
from uuid import UUID

from server.kernel import work_queue
from server.kernel.unit_of_work import UnitOfWork
from server.kernel.work_queue import ATTEMPTS_MAX, LEASE, LeasedWork

STORE = UUID(int=5)
SECOND = timedelta(seconds=1)


def leased(uow: UnitOfWork, after: timedelta = timedelta()) -> list[LeasedWork]:
    return work_queue.lease_due(uow.connection, uow.now + after, uow.new_id(), 10)


def test_work_is_leased_once_and_gone_when_finished(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE)
    assert work_queue.is_due(uow.connection, uow.now)
    (work,) = leased(uow)
    assert (work.kind, work.subject) == ("grant", STORE)
    assert leased(uow) == []
    work_queue.finish(uow.connection, work)
    assert leased(uow, LEASE * 2) == []


def test_asking_twice_is_asking_once(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE)
    work_queue.request_work(uow, "grant", STORE)
    assert len(leased(uow)) == 1


def test_a_request_during_the_work_has_it_done_again(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE)
    (work,) = leased(uow)
    work_queue.request_work(uow, "grant", STORE)
    work_queue.finish(uow.connection, work)
    assert len(leased(uow)) == 1


def test_a_lease_of_a_process_that_died_runs_out(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE)
    (first,) = leased(uow)
    assert leased(uow, LEASE - SECOND) == []
    (second,) = leased(uow, LEASE)
    work_queue.finish(uow.connection, first)
    assert leased(uow, LEASE) == []
    work_queue.finish(uow.connection, second)
    assert leased(uow, LEASE * 3) == []


def test_work_waits_until_it_is_due(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE, uow.now + SECOND)
    assert not work_queue.is_due(uow.connection, uow.now)
    assert len(leased(uow, SECOND)) == 1


def test_more_of_the_same_work_is_put_back(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE)
    (work,) = leased(uow)
    work_queue.put_back(uow.connection, work, uow.now)
    assert len(leased(uow)) == 1


def test_a_request_during_the_work_is_not_put_off_with_the_rest(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE)
    (work,) = leased(uow)
    work_queue.request_work(uow, "grant", STORE)
    work_queue.put_back(uow.connection, work, uow.now + SECOND)
    assert len(leased(uow)) == 1


def test_failing_work_comes_back_later_each_time_until_it_is_dead(uow: UnitOfWork) -> None:
    work_queue.request_work(uow, "grant", STORE)
    at = timedelta()
    for _ in range(ATTEMPTS_MAX):
        (work,) = leased(uow, at)
        work_queue.note_failure(uow.connection, work, uow.now + at, "OSError")
        assert leased(uow, at) == []
        at += timedelta(hours=1)
    assert leased(uow, at) == []


def test_everlasting_work_is_made_once_and_keeps_its_time(uow: UnitOfWork) -> None:
    work_queue.ensure_work(uow, "expire", STORE)
    (work,) = leased(uow)
    work_queue.put_back(uow.connection, work, uow.now + SECOND)
    work_queue.ensure_work(uow, "expire", STORE)
    assert leased(uow) == []
    assert len(leased(uow, SECOND)) == 1
