"""Lets pyzbar find the zbar library inside the bundle; PyInstaller runs this before the till.

pyzbar asks `ctypes.util.find_library`, which knows only what the system has installed. On the
machine that builds the bundle that always works, on a shop's machine it never does.
"""

import ctypes.util
import sys
from pathlib import Path

_find_in_system = ctypes.util.find_library


def _find_library(name: str) -> str | None:
    if name == "zbar":
        # sys._MEIPASS is where PyInstaller put the bundle's files.
        bundled = sorted(Path(sys._MEIPASS).glob("libzbar.so*"))  # type: ignore[attr-defined]  # noqa: SLF001
        if bundled:
            return str(bundled[0])
    return _find_in_system(name)


ctypes.util.find_library = _find_library
