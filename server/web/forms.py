"""Reads what a visitor sends: a form of a page, or the same fields as a JSON object."""

from typing import TypeVar

import msgspec
from litestar.enums import RequestEncodingType

from server.web.site import AnyRequest
from shared.errors import InvalidInputError

Form = TypeVar("Form")


async def read_form(request: AnyRequest, kind: type[Form]) -> Form:
    """Read the body of a POST request as a value of `kind`.

    Args:
        request: a form or JSON; fields that `kind` does not have are left out.
        kind: a dataclass of numbers and texts.

    Raises:
        InvalidInputError: not JSON, a field is missing, or its value is of another kind.
    """
    try:
        if request.content_type[0] == RequestEncodingType.JSON:
            return msgspec.json.decode(await request.body(), type=kind)
        form = dict(await request.form())
        return msgspec.convert(form, type=kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as cause:
        raise InvalidInputError(what=str(cause)) from cause
