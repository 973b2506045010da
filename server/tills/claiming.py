"""A till shows its code and its public keys: used once, limited against guessing."""

import dataclasses

import structlog

from server.kernel.keys import RootKey
from server.kernel.unit_of_work import UnitOfWork
from server.stores import service as stores
from server.tills import rules
from server.tills.pairing_codes import hashed_code
from server.tills.store import pairings
from server.tills.values import CodeRow, Pairing
from shared.errors import DomainError, InvalidInputError, TooManyAttemptsError
from shared.ids import MerchantId
from shared.sealing import PURPOSE_LOOKUP_KEY, seal
from shared.wire import PairReply, PairRequest, PairStatus

_log = structlog.get_logger(__name__)

_EVERYBODY = "everybody"

WRONG_GUESSES = (
    rules.WrongPairingCodeError,
    rules.UsedPairingCodeError,
    rules.ExpiredPairingCodeError,
)
"""What counts against the limit on guessing."""


def claim(
    uow: UnitOfWork, root_key: RootKey, request: PairRequest, address: str
) -> PairReply | DomainError:
    """Use a code up and open a pairing; the same till may repeat itself and gets the same answer.

    Args:
        uow: a transaction of `rules.INSTALLATION`, because only the code tells the merchant.
        root_key: the installation's.
        request: what the till shows.
        address: where it comes from, for the limit on guessing.

    Returns:
        What to tell the till, or the error to answer with: it is returned and not raised, because
        the failed attempt has to be committed.
    """
    window = rules.window_start(uow.now)
    subjects = {
        f"address {rules.guesser(address)}": rules.WRONG_CODES_PER_ADDRESS_MAX,
        _EVERYBODY: rules.WRONG_CODES_TOTAL_MAX,
    }
    for subject, count_max in subjects.items():
        if pairings.failed_attempts(uow.connection, subject, window) >= count_max:
            _log.warning("pairing_code_guessing_stopped", subject=subject)
            return TooManyAttemptsError(retry_at=(window + rules.ATTEMPT_WINDOW).isoformat())
    try:
        return _claim(uow, root_key, request)
    except WRONG_GUESSES as wrong:
        for subject in subjects:
            pairings.count_failed_attempt(uow.connection, subject, window)
        _log.warning("pairing_code_refused", why=wrong.code, address=rules.guesser(address))
        return wrong


def _claim(uow: UnitOfWork, root_key: RootKey, request: PairRequest) -> PairReply:
    _check_request(uow, request)
    code = rules.cleaned_code(request.code)
    found = (
        None if code is None else pairings.code_of_hash(uow.connection, hashed_code(root_key, code))
    )
    if found is None:
        raise rules.WrongPairingCodeError
    merchant, row = found
    if row.used_at is not None:
        return _reply(uow, merchant, _repeated_claim(uow, merchant, row, request))
    if uow.now >= row.expires_at:
        raise rules.ExpiredPairingCodeError(expired_at=row.expires_at.isoformat())
    pairing = _new_pairing(uow, row, request)
    pairings.mark_code_used(uow.connection, merchant, row.id, uow.now)
    pairings.add_pairing(uow.connection, merchant, pairing)
    _log.info("pairing_claimed", pairing=str(pairing.id), store=str(row.store))
    return _reply(uow, merchant, pairing)


def _reply(uow: UnitOfWork, merchant: MerchantId, pairing: Pairing) -> PairReply:
    shop = stores.store_of(dataclasses.replace(uow, merchant=merchant), pairing.store)
    return PairReply(
        pairing=pairing.id,
        server_nonce=pairing.server_nonce,
        store_name=shop.name,
        expires_at=pairing.expires_at,
    )


def _new_pairing(uow: UnitOfWork, row: CodeRow, request: PairRequest) -> Pairing:
    return Pairing(
        id=uow.new_id(),
        code=row.id,
        store=row.store,
        till_name=row.till_name,
        till=row.till,
        incarnation=None,
        signing_key=request.signing_key,
        sealing_key=request.sealing_key,
        server_nonce=uow.entropy(rules.SERVER_NONCE_BYTES),
        device_name=request.device_name,
        app_version=request.app_version,
        state=PairStatus.waiting,
        claimed_at=uow.now,
        expires_at=uow.now + rules.CONFIRM_WITHIN,
    )


def _repeated_claim(
    uow: UnitOfWork, merchant: MerchantId, row: CodeRow, request: PairRequest
) -> Pairing:
    """Answer a till whose reply was lost; anybody else is told that the code is used."""
    pairing = pairings.pairing_of_code(uow.connection, merchant, row.id)
    keys = (request.signing_key, request.sealing_key)
    if pairing is None or (pairing.signing_key, pairing.sealing_key) != keys:
        raise rules.UsedPairingCodeError
    return pairing


def _check_request(uow: UnitOfWork, request: PairRequest) -> None:
    if len(request.signing_key) != rules.KEY_BYTES or len(request.sealing_key) != rules.KEY_BYTES:
        raise rules.UnusableKeyError(bytes_expected=rules.KEY_BYTES)
    try:
        seal(b"", request.sealing_key, PURPOSE_LOOKUP_KEY, uow.entropy)
    except ValueError:
        raise rules.UnusableKeyError from None
    if not 0 < len(request.device_name) <= rules.NAME_CHARACTERS_MAX:
        raise InvalidInputError(field="device_name", characters_max=rules.NAME_CHARACTERS_MAX)
    if not 0 < len(request.app_version) <= rules.VERSION_CHARACTERS_MAX:
        raise InvalidInputError(field="app_version", characters_max=rules.VERSION_CHARACTERS_MAX)
