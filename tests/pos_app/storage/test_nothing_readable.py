"""What a stolen disk does not tell: no redemption code, and no token, in any form a scan left."""

import base64
from collections.abc import Iterator
from pathlib import Path

from pos_app.services.till import Attempt
from shared.voucher_code import BODY_DIGITS, VoucherCode, code_from_body, grouped
from tests.pos_app.tills import Counter, paired

HELD, SHOWN, ASKED, REFUSED = (code_from_body(body * 1_234_567_891) for body in (3, 5, 7, 11))


def scan_every_way(counter: Counter) -> str:
    """Redeem held and by token, ask, refuse; returns the token."""
    counter.hear(counter.grant(HELD))
    counter.till.redeem(counter.offline(HELD))
    token = counter.token(counter.grant(SHOWN), SHOWN)
    counter.till.redeem(counter.offline(token))
    counter.till.redeem(Attempt(ASKED, online=True))
    counter.till.redeem(counter.offline(REFUSED))
    counter.till.redeem(counter.offline(REFUSED[:-1]))
    return token


def forms_of(code: VoucherCode) -> Iterator[bytes]:
    """How a code could stand in a file."""
    body = code[:BODY_DIGITS].encode()
    yield body
    yield grouped(code).encode()
    yield base64.b64encode(body)[:12]
    yield int(body).to_bytes(5, "big")


def test_no_code_and_no_token_is_in_the_tills_files(tmp_path: Path) -> None:
    counter = paired(tmp_path / "till.sqlite")
    token = scan_every_way(counter)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert HELD[-4:].encode() in content  # what may be kept is found, so the search works
    assert token.encode() not in content
    for code in (HELD, SHOWN, ASKED, REFUSED):
        for form in forms_of(code):
            assert form not in content
