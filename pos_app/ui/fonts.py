"""Fonts that a delivered till brings along; a shop's machine may have none with Chinese in it."""

from pathlib import Path

from PySide6.QtGui import QFontDatabase

FONTS_FOLDER = Path(__file__).parent.parent / "assets" / "fonts"
"""Only a packaged till has it; in a checkout the system's fonts are used."""


def load_bundled_fonts(folder: Path = FONTS_FOLDER) -> int:
    """Make the fonts of a folder known to this program, if it exists.

    Args:
        folder: with `.ttc`, `.ttf` or `.otf` files.

    Returns:
        How many font files were taken.
    """
    files = sorted(folder.glob("*.[to]t[cf]")) if folder.is_dir() else []
    return sum(QFontDatabase.addApplicationFont(str(file)) >= 0 for file in files)
