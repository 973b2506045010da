import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.ui.fonts import load_bundled_fonts

SYSTEM_FONT = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")


@pytest.mark.qt
def test_a_checkout_without_fonts_uses_those_of_the_system(
    qapp: QApplication, tmp_path: Path
) -> None:
    assert load_bundled_fonts(tmp_path / "fonts") == 0


@pytest.mark.qt
@pytest.mark.skipif(not SYSTEM_FONT.is_file(), reason="no font to bring along")
def test_every_good_font_file_is_taken_and_others_are_passed_over(
    qapp: QApplication, tmp_path: Path
) -> None:
    shutil.copy(SYSTEM_FONT, tmp_path / "chinese.ttc")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    (tmp_path / "LICENSE").write_text("theirs")
    assert load_bundled_fonts(tmp_path) == 1
