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
UNAVAILABLE = "unavailable"
NOT_FOUND = "not_found"
FORM_EXPIRED = "form_expired"
METHOD_NOT_ALLOWED = "method_not_allowed"
WRONG_LOG_IN = "wrong_log_in"
LOG_IN_LOCKED = "log_in_locked"

_TELL_SUPPORT = marked("Tell support the id below; nothing you did before is lost.")
_LOOK_AGAIN = marked("Load the page again to see how things stand now.")
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
    "conflict": ProblemText(marked("This contradicts what is already recorded"), _LOOK_AGAIN),
    "too_many_attempts": ProblemText(
        marked("Too many attempts"), marked("Wait a few minutes, then try again.")
    ),
    UNAVAILABLE: ProblemText(
        marked("We cannot reach a part of our system right now"),
        marked("Nothing is lost. Wait a minute, then load the page again; do not pay twice."),
    ),
    "empty_cart": ProblemText(marked("The order is empty"), _CHECK_ENTRY),
    "too_many": ProblemText(
        marked("That is too much for one order"), marked("Choose a smaller quantity.")
    ),
    "bad_order_id": ProblemText(marked("The order's id is not acceptable"), _TRY_AGAIN),
    "order_id_reused": ProblemText(marked("This order was already placed differently"), _TRY_AGAIN),
    "not_for_sale": ProblemText(
        marked("This product is not for sale now"), marked("Choose another product.")
    ),
    "not_payable": ProblemText(
        marked("This order can no longer be paid"),
        marked("Its 15 minutes are over or it is paid already. Look under “My vouchers”."),
    ),
    "not_refundable": ProblemText(
        marked("Nothing of this order can be refunded"),
        marked("It is used up, refunded already, or was sold as not refundable."),
    ),
    "order_not_paid": ProblemText(
        marked("This order has no valid vouchers"),
        marked("It is not paid or was refunded. Look under “My vouchers”."),
    ),
    "payment_provider_refused": ProblemText(
        marked("The payment provider refused"),
        marked("Nothing was charged. Place the order again, or choose another way to pay."),
    ),
    "amount_mismatch": ProblemText(
        marked("The amount paid is not the amount asked"), _TELL_SUPPORT
    ),
    "forged_callback": ProblemText(
        marked("This message is not from the payment provider"), _LOOK_AGAIN
    ),
    "sandbox_forbidden": ProblemText(
        marked("No payment provider is set up"),
        marked("The shop cannot take orders yet. Please tell the shop."),
    ),
    "out_of_stock": ProblemText(
        marked("Sold out"), marked("Choose a smaller quantity or another product.")
    ),
    "too_many_store_moves": ProblemText(
        marked("The store was changed too often"),
        marked("Wait an hour, or use the voucher at the store chosen last."),
    ),
    "store_out_of_scope": ProblemText(
        marked("The voucher is not valid at this store"),
        marked("Choose one of the stores in the list."),
    ),
    "pairing_decided": ProblemText(
        marked("This till was already decided, or the time was up"),
        marked("Look at the list of tills; make a new code if it is not there."),
    ),
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
