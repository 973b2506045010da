"""The bundle of the till must hold what the till imports, also what it imports late."""

import ast
import ctypes.util
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = ast.parse((ROOT / "packaging" / "till.spec").read_text(encoding="utf-8"))
TILL_FOLDERS = ("pos_app", "shared")


def named(name: str) -> tuple[str, ...]:
    """The value of a constant of the spec."""
    for node in SPEC.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            value: tuple[str, ...] = ast.literal_eval(node.value)
            return value
    raise AssertionError(f"till.spec has no {name}")


def till_sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in TILL_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported() -> set[str]:
    """Every module that an import statement of the till names, wherever it stands."""
    names: set[str] = set()
    for _, tree in till_sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
    return names


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_what_is_imported_by_name_is_in_the_bundle() -> None:
    # What any import statement names is seen by PyInstaller.
    collected = named("WHOLE_PACKAGES") + named("HIDDEN_MODULES") + tuple(imported())
    missing = []
    for path, tree in till_sources():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
            ):
                continue
            name = node.args[0]
            # A computed name can only be one of our own modules, which are collected whole.
            if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
                continue
            if not is_within(name.value, collected):
                missing.append(f"{path.name}:{node.lineno}: {name.value}")
    assert missing == []


def test_nothing_the_till_imports_is_left_out() -> None:
    left_out = named("LEFT_OUT")
    assert sorted(name for name in imported() if is_within(name, left_out)) == []


def test_the_chinese_texts_of_standard_dialogs_stay() -> None:
    dropped = next(
        re.compile(ast.literal_eval(node.value.args[0]))
        for node in SPEC.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DROPPED_FILES"
        if isinstance(node.value, ast.Call)
    )
    assert not dropped.search("PySide6/Qt/translations/qtbase_zh_CN.qm")
    assert dropped.search("PySide6/Qt/translations/qtbase_de.qm")
    assert not dropped.search("PySide6/Qt/plugins/platforms/libqxcb.so")
    assert not dropped.search("PySide6/Qt/plugins/platforms/libqoffscreen.so")


def test_the_bundled_zbar_is_found_before_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: f"the system's {name}")
    runpy.run_path(str(ROOT / "packaging" / "find_bundled_zbar.py"))

    assert ctypes.util.find_library("zbar") == "the system's zbar"
    (tmp_path / "libzbar.so.0").touch()
    assert ctypes.util.find_library("zbar") == str(tmp_path / "libzbar.so.0")
    assert ctypes.util.find_library("GL") == "the system's GL"
