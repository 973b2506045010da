"""The stylesheet: enough contrast on every surface in both themes, large targets, one host."""

import re

import pytest

from server.web.assets import STATIC_FOLDERS, asset_addresses

STYLE = (STATIC_FOLDERS[0] / "site.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
TEXT_ON_SURFACE = [
    *((text, ground) for text in ("ink", "ink-soft", "accent") for ground in ("ground", "surface")),
    *(("ink", ground) for ground in ("surface-sunken", "accent-wash", "quiet-wash")),
    *(("ink", f"{tone}-wash") for tone in ("good", "warning", "bad")),
    ("accent-ink", "accent"),
    ("accent", "accent-wash"),
    ("ink-soft", "accent-wash"),
    ("ink-soft", "surface-sunken"),
    *((tone, f"{tone}-wash") for tone in ("good", "warning", "bad", "quiet", "sandbox")),
    ("bad", "surface"),
]
LINE_ON_SURFACE = [("line-strong", "surface"), ("focus", "surface"), ("focus", "ground")]


def _themes() -> dict[str, dict[str, str]]:
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)", 1)
    first = dict(TOKEN.findall(light))
    return {"light": first, "dark": first | dict(TOKEN.findall(dark.split("/* ---", 1)[0]))}


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_and_lines_stand_out(theme: str) -> None:
    colours = _themes()[theme]
    faint = {
        f"{front} on {back}": round(contrast, 2)
        for pairs, least in ((TEXT_ON_SURFACE, 4.5), (LINE_ON_SURFACE, 3.0))
        for front, back in pairs
        if (contrast := _contrast(colours[front], colours[back])) < least
    }

    assert faint == {}


def test_what_is_pressed_is_large_enough() -> None:
    assert "--target: 44px;" in STYLE


def test_the_style_loads_nothing_from_elsewhere() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_an_asset_has_a_new_address_when_it_changes() -> None:
    addresses = asset_addresses()

    assert {"site.css", "logo.svg", "code.js", "console.js", "htmx.min.js", "sse.min.js"} <= set(
        addresses
    )
    assert re.fullmatch(r"/static/site\.css\?v=[0-9a-f]{10}", addresses["site.css"])
