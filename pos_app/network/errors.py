"""Why a request to the server brought no answer that can be used.

LineDownError          no answer; `began` says whether the server may have seen the request
NotOurServerError      something answered, and it was not our server (a login page, a proxy)
ServerTroubleError     our server could not answer; try again later
RequestRefusedError    our server answered no; `code` is stable
InsecureAddressError   the address is neither https nor this machine; nothing was sent
"""

from datetime import datetime

from shared.errors import KnownError


class CallError(KnownError):
    """A request brought no usable answer; `code` is stable and has a text."""

    code = "call_failed"


class LineDownError(CallError):
    """No answer came.

    Attributes:
        began: the request may have reached the server; false only where that is impossible.
    """

    code = "line_down"

    def __init__(self, detail: str, *, began: bool) -> None:
        super().__init__(detail)
        self.began = began


class NotOurServerError(CallError):
    """The answer is no message of ours: a captive portal, a proxy, or a wrong address."""

    code = "not_our_server"


class ServerTroubleError(CallError):
    """The server failed or is overloaded."""

    code = "server_trouble"


class InsecureAddressError(CallError):
    """An address that is neither https nor this machine; keys and codes would travel in clear."""

    code = "insecure_address"


class RequestRefusedError(CallError):
    """The server refused the request.

    Attributes:
        code: the server's, stable.
        message: its text for people.
        facts: what happened, by name.
        server_time: aware UTC.
    """

    def __init__(
        self, code: str, message: str, facts: dict[str, str], server_time: datetime
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.facts = facts
        self.server_time = server_time
