"""What people read when a request cannot be carried out: what happened, and what to do next.

The text hangs on the error's stable code; a test proves that every error of the server has one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from server.web.language import marked
from shared.errors import (
    ConflictError,
    DomainError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    TooManyAttemptsError,
)


@dataclass(frozen=True, slots=True)
class ProblemText:
    """English texts of one code: a headline and the next step."""

    title: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the visitor's language.

    Attributes:
        code: stable.
        title: what happened.
        next_step: what to do now.
        error_id: to read out to support, or None.
    """

    code: str
    title: str
    next_step: str
    error_id: str | None = None


INTERNAL = "internal"
NOT_FOUND = "not_found"
FORM_EXPIRED = "form_expired"
METHOD_NOT_ALLOWED = "method_not_allowed"
WRONG_LOG_IN = "wrong_log_in"
LOG_IN_LOCKED = "log_in_locked"

_TELL_SUPPORT = marked("Tell support the id below; nothing you did before is lost.")
_NEW_CODE = marked("Make a new code in the console.")
_PAIR_AGAIN = marked("Connect the till again with a new code.")
_TRY_AGAIN = marked("Go back, load the page again and repeat what you did.")
_CHECK_ENTRY = marked("Go back, check what you entered and send it again.")

TEXTS: Mapping[str, ProblemText] = {
    INTERNAL: ProblemText(marked("Something went wrong on our side"), _TELL_SUPPORT),
    NOT_FOUND: ProblemText(
        marked("This page does not exist"),
        marked("Check the address, or begin again from the first page."),
    ),
    FORM_EXPIRED: ProblemText(marked("The form is no longer valid"), _TRY_AGAIN),
    METHOD_NOT_ALLOWED: ProblemText(marked("This address does not take that"), _TRY_AGAIN),
    WRONG_LOG_IN: ProblemText(
        marked("Login name or password is wrong"),
        marked(
            "Check both and try again. After five wrong attempts the name is locked for a time."
        ),
    ),
    LOG_IN_LOCKED: ProblemText(
        marked("Too many wrong attempts"),
        marked("This name is locked until %(until)s. Then try again, or ask headquarters."),
    ),
    "refused": ProblemText(marked("This cannot be done"), _TRY_AGAIN),
    "not_allowed": ProblemText(
        marked("You may not see or do this"),
        marked("Ask headquarters to give you the right, or go back to your own store."),
    ),
    "invalid_input": ProblemText(marked("A value is not acceptable"), _CHECK_ENTRY),
    "conflict": ProblemText(
        marked("This contradicts what is already recorded"),
        marked("Load the page again to see how things stand now."),
    ),
    "too_many_attempts": ProblemText(
        marked("Too many attempts"), marked("Wait a few minutes, then try again.")
    ),
    "unreadable_letter": ProblemText(marked("A sealed message cannot be read"), _PAIR_AGAIN),
    "out_of_stock": ProblemText(
        marked("Sold out"), marked("Choose a smaller quantity or another product.")
    ),
    "stock_below_sold": ProblemText(
        marked("The stock cannot be less than what is sold"),
        marked("Enter at least the number of units already ordered and sold."),
    ),
    "invalid_product": ProblemText(marked("The product's terms do not fit together"), _CHECK_ENTRY),
    "merchant_name_taken": ProblemText(
        marked("The company's short name is taken"), marked("Choose another one.")
    ),
    "store_number_taken": ProblemText(
        marked("The store number is taken"), marked("Choose another one.")
    ),
    "too_many_store_moves": ProblemText(
        marked("The store was changed too often"),
        marked("Wait an hour, or use the voucher at the store chosen last."),
    ),
    "store_out_of_scope": ProblemText(
        marked("The voucher is not valid at this store"),
        marked("Choose one of the stores in the list."),
    ),
    "wrong_pairing_code": ProblemText(marked("No till has this code"), _NEW_CODE),
    "used_pairing_code": ProblemText(marked("The code has been used already"), _NEW_CODE),
    "expired_pairing_code": ProblemText(marked("The code is no longer valid"), _NEW_CODE),
    "pairing_decided": ProblemText(
        marked("This till was already decided, or the time was up"),
        marked("Look at the list of tills; make a new code if it is not there."),
    ),
    "unusable_key": ProblemText(marked("The till sent an unusable key"), _PAIR_AGAIN),
    "unsigned_request": ProblemText(marked("The request is not signed"), _PAIR_AGAIN),
    "unknown_till": ProblemText(marked("This till is not known"), _PAIR_AGAIN),
    "wrong_signature": ProblemText(marked("The signature is wrong"), _PAIR_AGAIN),
    "untimely_request": ProblemText(
        marked("The till's clock is wrong"), marked("Set the clock of the machine, then try again.")
    ),
    "old_incarnation": ProblemText(marked("The till was connected again since"), _PAIR_AGAIN),
    "till_revoked": ProblemText(marked("The till was switched off by headquarters"), _PAIR_AGAIN),
    "wrong_nonce": ProblemText(
        marked("The till's greeting came too late"), marked("Start the counter app again.")
    ),
    "unsafe_key_file": ProblemText(
        marked("The key file can be read by others or is damaged"),
        marked("Restore it from its backup and let only its owner read it."),
    ),
    "unknown_database": ProblemText(
        marked("This database is not supported"), marked("Use an SQLite or PostgreSQL address.")
    ),
    "store_needed": ProblemText(
        marked("Role and stores do not fit together"),
        marked("Give clerks and store managers a store, and people of headquarters none."),
    ),
    "login_taken": ProblemText(marked("The login name is taken"), marked("Choose another one.")),
    "weak_password": ProblemText(
        marked("The password is too short"), marked("Use at least ten characters.")
    ),
    "bad_pin": ProblemText(marked("This is not a PIN"), marked("Use four to eight digits.")),
}

_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (InvalidInputError, 422),
    (ConflictError, 409),
    (TooManyAttemptsError, 429),
)


def status_of(error: DomainError) -> int:
    """The HTTP status of an error: by its kind, 400 for kinds of their own."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def text_of(code: str) -> ProblemText:
    """The text of a code; an unknown one is told as a plain refusal."""
    return TEXTS.get(code, TEXTS["refused"])
