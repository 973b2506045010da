"""The one look of every page, in three sizes for small, common and large windows.

Letters and their colour come from the window's font and palette; the style sheet shapes controls.
The verdict must be on the screen within milliseconds, which a style sheet of its own would not
allow, so no rule here may match its labels.
"""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QWidget

from pos_app.ui import palette

FONT_FAMILIES = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "WenQuanYi Micro Hei",
)
"""Fonts with Chinese and Latin letters that fit each other, the first that is installed."""
FONT_PERCENT_MIN = 100
FONT_PERCENT_MAX = 200
DENSE_PERCENT_MAX = 130
SMALL_BELOW_PIXELS = 700
LARGE_FROM_PIXELS = 1000


@dataclass(frozen=True, slots=True)
class Sizes:
    """Measures of one density, in logical pixels.

    Attributes:
        small: chips and labels; grows like `dense`.
        body: everything that has no other size.
        dense: tables, keys and strips; grows less than the rest, because there they stand close.
        title: the store's name, titles of pages.
        prompt: what the clerk is asked to do.
        code: the digits of a typed code.
        control: height of buttons and fields.
        gap: between neighbours; twice as much between groups.
    """

    small: int
    body: int
    dense: int
    title: int
    prompt: int
    code: int
    control: int
    gap: int


_SMALL = Sizes(small=13, body=14, dense=14, title=20, prompt=30, code=26, control=40, gap=8)
_COMMON = Sizes(small=15, body=16, dense=16, title=24, prompt=40, code=32, control=48, gap=12)
_LARGE = Sizes(small=18, body=20, dense=20, title=30, prompt=56, code=42, control=60, gap=16)


def sizes_for(window_height: int, font_percent: int = FONT_PERCENT_MIN) -> Sizes:
    """The measures for a window.

    Args:
        window_height: in logical pixels.
        font_percent: 100 to 200; enlarges letters, and with them what holds them.
    """
    assert FONT_PERCENT_MIN <= font_percent <= FONT_PERCENT_MAX
    sizes = _COMMON
    if window_height < SMALL_BELOW_PIXELS:
        sizes = _SMALL
    elif window_height >= LARGE_FROM_PIXELS:
        sizes = _LARGE
    return Sizes(
        small=sizes.small * min(font_percent, DENSE_PERCENT_MAX) // 100,
        body=sizes.body * font_percent // 100,
        dense=sizes.dense * min(font_percent, DENSE_PERCENT_MAX) // 100,
        title=sizes.title * font_percent // 100,
        prompt=sizes.prompt * font_percent // 100,
        code=sizes.code * font_percent // 100,
        control=sizes.control * font_percent // 100,
        gap=sizes.gap,
    )


def letters(pixels: int, *, is_bold: bool = False) -> QFont:
    """The font of everything, in a letter height of `pixels`."""
    font = QFont(list(FONT_FAMILIES))
    font.setPixelSize(pixels)
    font.setBold(is_bold)
    return font


def dress(window: QWidget, sizes: Sizes) -> None:
    """Give a window, and everything in it, the look of the product."""
    window.setFont(letters(sizes.body))
    window.setPalette(page_palette())
    window.setStyleSheet(style_sheet(sizes))


def page_palette() -> QPalette:
    """The colours of what no rule of the style sheet colours, whatever the system's are."""
    colours = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: palette.WINDOW,
        QPalette.ColorRole.WindowText: palette.INK,
        QPalette.ColorRole.Base: palette.CARD,
        QPalette.ColorRole.Text: palette.INK,
        QPalette.ColorRole.Button: palette.CARD,
        QPalette.ColorRole.ButtonText: palette.INK,
        QPalette.ColorRole.PlaceholderText: palette.FIELD_LINE,
        QPalette.ColorRole.Highlight: palette.ACCENT,
        QPalette.ColorRole.HighlightedText: palette.WHITE,
    }.items():
        colours.setColor(role, QColor(colour))
    return colours


def style_sheet(sizes: Sizes) -> str:
    """The style of the controls and parts of every page."""
    return (
        _BASE.format(s=sizes, p=palette, tail=sizes.prompt // 8)
        + _CONTROLS.format(s=sizes, p=palette, edge=sizes.gap + 3)
        + _PARTS.format(s=sizes, p=palette)
    )


_BASE = """
.QLabel {{ color: {p.INK}; }}
QMainWindow, QWidget#page {{ background: {p.WINDOW}; }}
QLabel[role="title"] {{ font-size: {s.title}px; font-weight: 700; }}
QLabel[role="prompt"] {{
    font-size: {s.prompt}px; font-weight: 700; padding-bottom: {tail}px;
}}
QLabel[role="hint"] {{ color: {p.INK_SOFT}; }}
QLabel[role="small"] {{ font-size: {s.small}px; color: {p.INK_SOFT}; }}
QLabel[role="label"] {{ font-size: {s.small}px; color: {p.INK_SOFT}; }}
QLabel[role="problem"] {{ color: {p.BAD}; }}
QLabel[role="good"] {{ color: {p.GOOD}; }}
QToolTip {{ background: {p.INK}; color: {p.WHITE}; border: none; padding: 6px; }}
"""

_CONTROLS = """
QPushButton {{
    min-height: {s.control}px;
    max-height: {s.control}px;
    padding: 0 {s.gap}px;
    background: {p.CARD};
    border: 2px solid {p.LINE};
    border-radius: 8px;
}}
QPushButton:hover {{ border-color: {p.FIELD_LINE}; }}
QPushButton:pressed, QPushButton:checked {{ background: {p.ROW_CHOSEN}; border-color: {p.ACCENT}; }}
QPushButton:focus {{ border: 3px solid {p.ACCENT}; }}
QPushButton:disabled {{ color: {p.FIELD_LINE}; background: {p.WINDOW}; }}
QPushButton#primary {{
    background: {p.ACCENT}; color: {p.WHITE}; border-color: {p.ACCENT}; font-weight: 600;
    padding: 0 28px;
}}
QPushButton#primary:pressed {{ background: {p.ACCENT_PRESSED}; }}
QPushButton#primary:focus {{ border: 3px solid {p.INK}; }}
QPushButton#primary:disabled {{
    background: {p.LINE}; color: {p.INK_SOFT}; border-color: {p.LINE};
}}
QLineEdit {{
    min-height: {s.control}px;
    max-height: {s.control}px;
    padding: 0 {s.gap}px;
    background: {p.CARD};
    border: 2px solid {p.FIELD_LINE};
    border-radius: 8px;
    selection-background-color: {p.ACCENT};
}}
QLineEdit:focus {{ border: 3px solid {p.ACCENT}; }}
QLineEdit#code {{ font-size: {s.code}px; }}
QTableView {{
    background: {p.CARD};
    alternate-background-color: {p.ROW_ALTERNATE};
    border: 2px solid {p.LINE};
    border-radius: 8px;
    gridline-color: {p.LINE};
    font-size: {s.dense}px;
    selection-background-color: {p.ROW_CHOSEN};
    selection-color: {p.INK};
    outline: none;
}}
QTableView:focus {{ border: 3px solid {p.ACCENT}; }}
QTableView::item {{ padding: 0 {s.gap}px; border: none; }}
QHeaderView {{ background: {p.CARD}; border: none; }}
QHeaderView::section {{
    background: {p.CARD}; color: {p.INK_SOFT}; font-size: {s.dense}px;
    padding: {s.gap}px; padding-left: {edge}px; padding-right: {edge}px; border: none;
    border-bottom: 2px solid {p.LINE};
}}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {p.FIELD_LINE}; border-radius: 4px; min-height: 40px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
"""

_PARTS = """
QFrame#statusBar {{ background: {p.CARD}; border-bottom: 2px solid {p.LINE}; }}
QFrame#keyBar {{ background: {p.CARD}; border-top: 2px solid {p.LINE}; }}
QFrame#keyBar QPushButton {{ font-size: {s.dense}px; }}
QFrame#card {{ background: {p.CARD}; border: 2px solid {p.LINE}; border-radius: 12px; }}
QFrame#card[receiving="true"] {{ border-color: {p.ACCENT}; }}
QFrame#offlineBanner {{ background: {p.OFFLINE}; }}
QFrame#offlineBanner QLabel {{ color: {p.WHITE}; }}
QFrame#offlineBanner QLabel#offlineTitle {{ font-weight: 700; }}
QLabel[tone="good"] {{ color: {p.GOOD}; }}
QLabel[tone="caution"] {{ color: {p.CAUTION}; }}
QLabel[tone="bad"] {{ color: {p.BAD}; font-weight: 600; }}
QLabel[tone="plain"] {{ color: {p.INK_SOFT}; }}
QLabel#receiving {{
    background: {p.ACCENT}; color: {p.WHITE}; border-radius: 6px; padding: 4px 12px;
}}
"""
