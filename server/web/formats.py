"""How amounts, moments, days and codes are written on a page."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from server.web.language import Language

_MOMENT = {Language.zh_cn: "y年M月d日 HH:mm", Language.en: "d MMM y, HH:mm"}
_MOMENT_EXACT = {Language.zh_cn: "y年M月d日 HH:mm:ss", Language.en: "d MMM y, HH:mm:ss"}
_DAY = {Language.zh_cn: "y年M月d日", Language.en: "d MMM y"}
_DAY_AND_TIME = {Language.zh_cn: "M月d日 HH:mm:ss", Language.en: "d MMM HH:mm:ss"}


def money(amount_fen: int) -> str:
    """Write fen as yuan with thousands, such as `¥1,234.50`; the same in both languages."""
    sign = "−" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}¥{yuan:,}.{fen:02d}"


def code_groups(code: str) -> list[str]:
    """Split twelve digits into the three groups of four in which people read them."""
    return [code[start : start + 4] for start in range(0, len(code), 4)]


def moment_filters(language: Language) -> Mapping[str, Callable[..., str]]:
    """The filters that write a moment in a zone, by the name templates use."""

    def written(pattern: Mapping[Language, str]) -> Callable[[datetime, ZoneInfo], str]:
        return lambda at, zone: format_datetime(
            at, pattern[language], tzinfo=zone, locale=language.locale
        )

    def day(at: date) -> str:
        return format_date(at, _DAY[language], locale=language.locale)

    def last_day(until: datetime, zone: ZoneInfo) -> str:
        """The last day of a validity that ends, exclusively, at `until`."""
        return day((until - timedelta(microseconds=1)).astimezone(zone).date())

    return {
        "moment": written(_MOMENT),
        "exact_moment": written(_MOMENT_EXACT),
        "row_moment": written(_DAY_AND_TIME),
        "day_of": written(_DAY),
        "day": day,
        "last_day": last_day,
    }
