"""The states of the holdings, each with what happened in the world."""

from enum import StrEnum


class TenureState(StrEnum):
    """A till's time as keeper of a store."""

    active = "active"
    """The keeper: grants go to it."""
    ending = "ending"
    """Another keeper has taken over; this till still has to release what it holds."""
    done = "done"
    """Everything was released."""
    lost = "lost"
    """Declared lost: its holdings went back to the server, its late events are still processed."""
    forked = "forked"
    """Its disk went back in time: treated as lost, named as forked."""


class GrantState(StrEnum):
    """A move of uses to a tenure."""

    open = "open"
    """The keeper may redeem from it."""
    recalled = "recalled"
    """The server wants it back; the keeper may redeem until it has heard so."""
    closed = "closed"
    """The keeper gave back what was left."""
    lost = "lost"
    """Taken back without the keeper's word, because the tenure was lost or forked."""


class Lane(StrEnum):
    """The way an event first reached the server."""

    held = "held"
    """Redeemed by a keeper from what it held."""
    ask = "ask"
    """The server was asked."""
    provisional = "provisional"
    """Accepted by a till without holding."""
    void = "void"
    """Given up before anything else was heard of it."""


class Charge(StrEnum):
    """The pool that paid for an event."""

    none = "none"
    """Nothing was taken."""
    server = "server"
    """Uses that the server held."""
    grant = "grant"
    """Uses of one grant."""


class CaseKind(StrEnum):
    """Why a person has to look."""

    provisional_conflict = "provisional_conflict"
    """Accepted offline without holding, and nothing was left for it."""
    late_conflict = "late_conflict"
    """Redeemed by a till that was declared lost, after its uses had gone elsewhere."""
    forged_or_over_used = "forged_or_over_used"
    """Redeemed from a grant that was never made, or from more than it held."""


class AlarmKind(StrEnum):
    """What never happens without a stolen key, a disk that went back in time, or a fault."""

    forged_or_over_used = "forged_or_over_used"
    """A redemption from an unknown or used-up grant."""
    release_differs = "release_differs"
    """A till released another number of uses than the books say it holds."""
    other_intent = "other_intent"
    """One event id was used for two different intentions."""
    forked = "forked"
    """A journal went back in time."""


class JournalResult(StrEnum):
    """What became of one journal event when it was received; stored beside its bytes."""

    applied = "applied"
    """Processed by its rule, which may have found nothing to do."""
    no_effect = "no_effect"
    """Of a kind without effect on uses."""
    unknown_kind = "unknown_kind"
    """Of a kind this version does not know; kept for one that does."""
    malformed = "malformed"
    """Of a known kind with wrong fields; refused."""
    other_intent = "other_intent"
    """Its event id means something else already; refused."""
    not_yours = "not_yours"
    """About an event or a tenure of another till; refused."""
