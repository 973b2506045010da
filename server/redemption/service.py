"""What can be done with redemptions: take tills' journals in, answer their asks.

Both take a batch and decide it together in the caller's one transaction. An exception means that
nothing of the batch was recorded; the edge then runs each item alone.
"""

from collections.abc import Sequence

from server.holdings import journals
from server.holdings.granting import grant_again
from server.holdings.values import Upload, UploadResult
from server.kernel.unit_of_work import UnitOfWork
from server.redemption.asking import answer_asks
from server.redemption.posting import post_redemptions

__all__ = ["answer_asks", "take_uploads"]


def take_uploads(uow: UnitOfWork, uploads: Sequence[Upload]) -> list[UploadResult]:
    """Take uploads in, in order, and book what they mean.

    Args:
        uow: a writing transaction.
        uploads: from tills whose signature over the request is right.

    Returns:
        One result for each upload, in the same order. A refused upload is a result, and so is an
        event that cannot be applied: its chain goes on.

    Source: protocol rules S3 to S9, S12 and S13; section 3 (lock order, batches).
    """
    results: list[UploadResult] = []
    for together in _rounds(uploads):
        received = journals.receive(uow, together)
        terms = journals.terms_of(uow, received)
        post_redemptions(uow, received.facts, terms)
        facts = list(received.facts)
        results += journals.record(uow, received, terms)
        grant_again(uow, facts)
    return results


def _rounds(uploads: Sequence[Upload]) -> list[list[Upload]]:
    """Split a batch so that a journal comes once in a round; the order stays."""
    rounds: list[list[Upload]] = [[]]
    seen: set[object] = set()
    for upload in uploads:
        journal = upload.till, upload.incarnation
        if journal in seen:
            rounds.append([])
            seen.clear()
        seen.add(journal)
        rounds[-1].append(upload)
    return rounds if uploads else []
