"""The languages of the pages, which of them a visitor gets, and the translated texts.

English stands in the templates; `locale/zh_CN.po` holds the Chinese. The catalogue is read when the
server starts, so there is nothing to compile. A test proves that every text is translated and that
none is left over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE_FOLDER = Path(__file__).parent / "locale"
LANGUAGE_COOKIE = "hexiao_language"


class Language(StrEnum):
    """A language the pages can be read in; the value is the tag of the HTML `lang` attribute."""

    zh_cn = "zh-CN"
    """Simplified Chinese, the first language of the product."""
    en = "en"
    """English, in which the templates are written."""

    @property
    def own_name(self) -> str:
        """What speakers of the language call it."""
        return {"zh-CN": "中文", "en": "English"}[self.value]

    @property
    def other(self) -> "Language":
        """The language a switch leads to."""
        return Language.en if self is Language.zh_cn else Language.zh_cn

    @property
    def locale(self) -> str:
        """The name Babel knows the language by."""
        return self.value.replace("-", "_")


def marked(text: str) -> str:
    """Mark an English text in Python code for the catalogue; it is translated where it is shown."""
    return text


def choose_language(cookie: str | None, accepted: str) -> Language:
    """Pick the language of a visitor.

    Args:
        cookie: what the visitor chose on an earlier page, or None.
        accepted: the browser's Accept-Language header, possibly empty.

    Returns:
        The chosen language; else English where the browser names it and no Chinese before it;
        else Chinese.
    """
    for language in Language:
        if cookie == language.value:
            return language
    tags = [part.split(";")[0].strip().lower() for part in accepted.split(",")]
    for tag in tags:
        if tag.startswith("zh"):
            return Language.zh_cn
        if tag.startswith("en"):
            return Language.en
    return Language.zh_cn


@dataclass(frozen=True, slots=True)
class Translations:
    """The texts of one language.

    Attributes:
        language: which one.
        texts: by English text; a text with a plural has one form for each in the language.
    """

    language: Language
    texts: Mapping[str, str | tuple[str, ...]]

    def gettext(self, message: str) -> str:
        """Translate a text that has no plural; English where the catalogue has nothing."""
        found = self.texts.get(message, message)
        return found if isinstance(found, str) else found[0]

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Translate a text about `count` things."""
        if self.language is Language.en:
            return singular if count == 1 else plural
        found = self.texts.get(singular, plural)
        return found if isinstance(found, str) else found[0]


def read_catalogue(language: Language) -> Catalog:
    """Read the catalogue of a language other than English.

    Raises:
        FileNotFoundError: the installation lacks the file.
    """
    with (LOCALE_FOLDER / f"{language.locale}.po").open("rb") as file:
        return read_po(file, locale=language.locale)


def translations(language: Language) -> Translations:
    """The texts of a language."""
    if language is Language.en:
        return Translations(language, {})
    texts: dict[str, str | tuple[str, ...]] = {}
    for message in read_catalogue(language):
        if not message.id or not message.string:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        given = message.string
        texts[key] = given if isinstance(given, str) else tuple(given)
    return Translations(language, texts)
