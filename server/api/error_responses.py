"""What each error code means over HTTP: a status, and for people what happened and what to do.

A test proves the table complete: every `DomainError` of the server has a row.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from shared.errors import DomainError
from shared.wire import ErrorReply

BAD = HTTPStatus.BAD_REQUEST
DENIED = HTTPStatus.UNAUTHORIZED
FORBIDDEN = HTTPStatus.FORBIDDEN
MISSING = HTTPStatus.NOT_FOUND
CONFLICT = HTTPStatus.CONFLICT
GONE = HTTPStatus.GONE
TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY
LIMITED = HTTPStatus.TOO_MANY_REQUESTS
FAULT = HTTPStatus.INTERNAL_SERVER_ERROR

FACT_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """How one error is answered.

    Attributes:
        status: of the HTTP reply.
        zh: what happened and what to do next, in Chinese.
        en: the same in English.
    """

    status: HTTPStatus
    zh: str
    en: str


RESPONSES: dict[str, ErrorResponse] = {
    # --- requests in general
    "refused": ErrorResponse(
        UNFIT, "请求无法执行。请检查后重试。", "This cannot be done. Check and try again."
    ),
    "malformed_request": ErrorResponse(
        BAD,
        "请求内容无法识别。请更新收银程序后重试。",
        "The request cannot be read. Update the till's program and try again.",
    ),
    "request_too_large": ErrorResponse(
        TOO_LARGE,
        "请求超过 1 MiB。请分成较小的批次发送。",
        "The request is larger than 1 MiB. Send it in smaller parts.",
    ),
    "too_many_events": ErrorResponse(
        TOO_LARGE,
        "一次上传的记录太多。请分批发送。",
        "Too many events in one upload. Send them in smaller parts.",
    ),
    "method_not_allowed": ErrorResponse(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "该地址不接受此类请求。请检查收银程序版本。",
        "This address does not take this kind of request. Check the till's version.",
    ),
    "not_found": ErrorResponse(
        MISSING,
        "没有找到所请求的内容。请检查地址或编号。",
        "What was asked for does not exist. Check the address or the number.",
    ),
    "not_allowed": ErrorResponse(
        FORBIDDEN,
        "没有权限。请联系店长或总部。",
        "You may not do this. Ask your manager or headquarters.",
    ),
    "invalid_input": ErrorResponse(
        UNFIT,
        "有一项内容不符合要求。请修改后重试。",
        "A value is not acceptable. Change it and try again.",
    ),
    "conflict": ErrorResponse(
        CONFLICT,
        "与已有记录冲突。请刷新后查看。",
        "This contradicts what is already recorded. Refresh and look again.",
    ),
    "too_many_attempts": ErrorResponse(
        LIMITED,
        "尝试次数过多。请稍后再试。",
        "Too many attempts. Wait a while and try again.",
    ),
    "unavailable": ErrorResponse(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "服务器暂时无法工作，记录未丢失。收银程序会自动重试。",
        "The server cannot work for the moment; nothing is lost. The till tries again by itself.",
    ),
    "internal": ErrorResponse(
        FAULT,
        "服务器出错，记录未丢失。请把错误编号告诉总部。",
        "The server made a mistake; nothing is lost. Tell headquarters the error id.",
    ),
    "unreadable_letter": ErrorResponse(
        BAD,
        "加密内容无法打开。请重新配对此终端。",
        "A sealed value cannot be opened. Pair this till again.",
    ),
    # --- who speaks
    "unsigned_request": ErrorResponse(
        DENIED,
        "请求缺少签名。请更新收银程序或重新配对。",
        "The request is not signed. Update the till's program or pair it again.",
    ),
    "unknown_till": ErrorResponse(
        DENIED,
        "服务器不认识此终端。请重新配对。",
        "The server does not know this till. Pair it again.",
    ),
    "wrong_signature": ErrorResponse(
        DENIED,
        "签名不正确，内容未被接受。请重新配对此终端。",
        "The signature is wrong and nothing was taken. Pair this till again.",
    ),
    "untimely_request": ErrorResponse(
        DENIED,
        "终端时间与服务器相差超过 5 分钟。请校准时间后重试。",
        "This till's time is more than 5 minutes off. Correct the clock and try again.",
    ),
    "old_incarnation": ErrorResponse(
        FORBIDDEN,
        "此终端已重新配对，旧身份只能上传遗留记录。",
        "This till was paired again; its old identity may only hand in its journal.",
    ),
    "till_revoked": ErrorResponse(
        FORBIDDEN,
        "总部已停用此终端，只能上传遗留记录。请联系总部。",
        "Headquarters switched this till off; it may only hand in its journal. Ask headquarters.",
    ),
    "other_till": ErrorResponse(
        FORBIDDEN,
        "请求内容属于另一台终端。请重新配对。",
        "The request is about another till than the one that signed it. Pair this till again.",
    ),
    "wrong_nonce": ErrorResponse(
        CONFLICT,
        "握手已过期。请重新连接。",
        "The greeting is out of date. Connect again.",
    ),
    # --- the journal
    "broken_chain": ErrorResponse(
        CONFLICT,
        "上传的记录不连续，未被接受。请重启收银程序；如仍出现请联系总部。",
        "The journal does not follow on from what is known; nothing was taken. Restart the till's "
        "program, and call headquarters if this stays.",
    ),
    "forked": ErrorResponse(
        CONFLICT,
        "此终端的数据曾被恢复到旧状态。已收到的记录保留，请重新配对。",
        "This till's data went back in time. What arrived is kept; pair the till again.",
    ),
    # --- pairing
    "wrong_pairing_code": ErrorResponse(
        MISSING,
        "配对码不正确。请对照总部屏幕重新输入。",
        "The pairing code is wrong. Compare it with headquarters' screen and type it again.",
    ),
    "used_pairing_code": ErrorResponse(
        GONE,
        "配对码已被使用。请向总部要一个新的。",
        "The pairing code has been used. Ask headquarters for a new one.",
    ),
    "expired_pairing_code": ErrorResponse(
        GONE,
        "配对码已过期（15 分钟）。请向总部要一个新的。",
        "The pairing code has expired after 15 minutes. Ask headquarters for a new one.",
    ),
    "pairing_decided": ErrorResponse(
        CONFLICT,
        "此配对已处理或已超时。请重新开始配对。",
        "This pairing is already decided or too old. Begin again with a new code.",
    ),
    "unusable_key": ErrorResponse(
        UNFIT,
        "终端的公钥不可用。请更新收银程序后重新配对。",
        "The till's public key cannot be used. Update its program and pair again.",
    ),
}


def response_to(code: str) -> ErrorResponse:
    """The row of a code; a code without one, a fault that a test finds, is answered as refused."""
    return RESPONSES.get(code, RESPONSES["refused"])


def error_reply(error: DomainError, *, chinese: bool, now: datetime) -> ErrorReply:
    """The body that tells a till what happened.

    Args:
        error: what was raised.
        chinese: whether the message is wanted in Chinese.
        now: aware UTC; a till with a wrong clock learns the time from it.
    """
    row = response_to(error.code)
    return ErrorReply(
        code=error.code,
        message=row.zh if chinese else row.en,
        facts={name: str(value)[:FACT_CHARACTERS_MAX] for name, value in error.facts.items()},
        server_time=now,
    )


def wants_chinese(accept_language: str) -> bool:
    """Whether a reader wants Chinese rather than English; Chinese when neither is named."""
    wanted = accept_language.lower()
    chinese, english = wanted.find("zh"), wanted.find("en")
    return english < 0 or 0 <= chinese < english
