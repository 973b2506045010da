"""Every text that the pages can show, as it stands in the templates and in Python code."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from jinja2.ext import babel_extract

SERVER = Path(__file__).parents[3] / "server"
PACKAGES = ("web", "console", "shop")
TEMPLATES = SERVER / "web" / "templates"
_OPTIONS = {"newstyle_gettext": "true", "trimmed": "true"}

Text = str | tuple[str, str]
"""A text, or the two English forms of a text with a plural."""


def extracted_texts() -> dict[Text, str]:
    """Each text with the place it was first found at, such as `orders.html:12`."""
    found: dict[Text, str] = {}
    for place, text in [*_of_templates(), *_of_code()]:
        found.setdefault(text, place)
    return found


def _of_templates() -> Iterator[tuple[str, Text]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        source = BytesIO(path.read_bytes())
        for line, _, message, _ in babel_extract(
            source, ("gettext", "ngettext", "_"), [], _OPTIONS
        ):
            assert message is not None
            yield f"{path.name}:{line}", _text(message)


def _text(message: str | tuple[str | None, ...]) -> Text:
    if isinstance(message, str):
        return message
    forms = [part for part in message if part is not None]
    return (forms[0], forms[1]) if len(forms) > 1 else forms[0]


def _of_code() -> Iterator[tuple[str, Text]]:
    for package in PACKAGES:
        for path in sorted((SERVER / package).glob("*.py")):
            source = BytesIO(path.read_bytes())
            for line, message, _, _ in extract("python", source, {"marked": None}):
                assert isinstance(message, str)
                yield f"{path.name}:{line}", message
