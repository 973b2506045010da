"""The code keeps its own rules: size, names, who may know what. Each message says where and why.

Floors and cycles are kept by import-linter, style by ruff; here stands what neither can say.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT_FOLDERS = ("pos_app", "server", "shared")

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60

EDGES = {"api", "console", "shop", "jobs"}
# Around and under the domains: these may await.
AROUND_DOMAINS = EDGES | {
    *("__init__", "__main__", "app", "bench", "commands", "demo", "kernel", "web"),
}
MONEY_DOMAINS = {"distribution", "ledger", "orders", "payments", "redemption", "settlement"}

DRAWER_WORDS = {"common", "helper", "helpers", "misc", "mixed", "util", "utils"}
VAGUE_CLASS_NAME = re.compile(r"(Manager|Handler|Helper|Utils?)$")

# The address of a registry, or a path that exists on one person's machine only.
FOREIGN_TEXT = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|yarnpkg\.com|(deb|security)\.debian\.org"
    r"|/home/\w|/Users/\w|C:\\Users\\\w"
)
# A home of "/" would be in every line.
FOREIGN_PATHS = tuple(f"{path}/" for path in (ROOT, Path.home()) if path.name)


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the product, parsed."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path from the root, as people write it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def parts(self) -> tuple[str, ...]:
        """The dotted name, in parts: `("server", "holdings", "store")`."""
        return self.path.relative_to(ROOT).with_suffix("").parts

    def is_in(self, *folders: str) -> bool:
        """Tell whether the module is in one of the folders, or is one of the files."""
        return any(self.name.startswith((f"{folder}/", f"{folder}.py")) for folder in folders)

    def at(self, node: ast.AST, message: str) -> str:
        """Return a line that an editor can jump to."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}: {message}"

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Yield each import with the dotted name it reaches; `from a import b` reaches `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def product_modules() -> tuple[Module, ...]:
    """Return every Python file of the product; never an empty list."""
    paths = [
        path
        for folder in PRODUCT_FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]
    assert paths
    return tuple(
        Module(path, text, ast.parse(text))
        for path in paths
        for text in [path.read_text(encoding="utf-8")]
    )


def fail_if_any(faults: list[str], rule: str) -> None:
    """Fail with the rule, then one line for each place that breaks it."""
    if faults:
        pytest.fail("\n".join([rule, *faults]), pytrace=False)


def test_files_are_short() -> None:
    faults = [
        f"{module.name}: {lines} lines"
        for module in product_modules()
        if (lines := module.text.count("\n")) > FILE_LINES_MAX
    ]
    fail_if_any(faults, f"A file has at most {FILE_LINES_MAX} lines: split it by what it is for.")


def test_functions_are_short() -> None:
    faults = [
        module.at(node, f"{node.name} has {lines} lines")
        for module in product_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    fail_if_any(faults, f"A function has at most {FUNCTION_LINES_MAX} lines.")


def test_every_module_says_what_it_is_for() -> None:
    faults = [module.name for module in product_modules() if not ast.get_docstring(module.tree)]
    fail_if_any(faults, "Every module begins with a sentence saying what it is for.")


def test_there_are_no_drawers() -> None:
    faults = [
        module.name
        for module in product_modules()
        if DRAWER_WORDS & {word for part in module.parts for word in part.split("_")}
    ]
    fail_if_any(faults, f"A name says what is inside; none of {sorted(DRAWER_WORDS)} does.")


def test_class_names_say_what_the_class_is() -> None:
    faults = [
        module.at(node, node.name)
        for module in product_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS_NAME.search(node.name)
    ]
    fail_if_any(faults, "Manager, Handler, Helper: everything is one. Say what it is.")


def test_imports_are_absolute() -> None:
    faults = [
        module.at(node, "relative import")
        for module in product_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    fail_if_any(faults, "Imports are absolute.")


def test_nothing_sleeps() -> None:
    faults = [
        module.at(node, reached)
        for module in product_modules()
        if not module.is_in("server/bench", "server/demo")
        for node, reached in [*module.imports(), *_attributes(module)]
        if reached == "time.sleep"
    ]
    fail_if_any(faults, "Product code waits for an event with a limit; it never sleeps.")


def _attributes(module: Module) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node, f"{node.value.id}.{node.attr}"


def test_only_the_unit_of_work_commits() -> None:
    faults = [
        module.at(node, f"{ast.unparse(node)}()")
        for module in product_modules()
        # A benchmark commits on the bare database too, to have something to compare with.
        if not module.is_in("server/kernel", "server/bench", "pos_app/storage")
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call)
        for node in [call.func]
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]
    fail_if_any(faults, "One transaction per fact, ended only by the unit of work.")


def test_qt_stays_at_the_rim() -> None:
    faults = [
        module.at(node, reached)
        for module in product_modules()
        if not module.is_in("pos_app/ui", "pos_app/devices", "pos_app/app")
        for node, reached in module.imports()
        if reached.split(".")[0] in {"PySide6", "shiboken6"}
    ]
    fail_if_any(faults, "Only pos_app/ui, pos_app/devices and pos_app/app know Qt.")


def test_domains_do_not_await() -> None:
    faults = [
        module.at(node, f"async {node.name}")
        for module in product_modules()
        if module.parts[0] == "server" and module.parts[1] not in AROUND_DOMAINS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef)
    ]
    fail_if_any(faults, "Services and stores are plain functions; awaiting is for the edges.")


def test_only_stores_know_sqlalchemy() -> None:
    faults = [
        module.at(node, reached)
        for module in product_modules()
        if not module.is_in("server/kernel", "server/bench", "server/migrations", "pos_app/storage")
        if not _is_storage(module)
        for node, reached in module.imports()
        if reached.split(".")[0] == "sqlalchemy"
    ]
    fail_if_any(faults, "SQL is written in store.py and tables.py (or a folder of that name).")


def _is_storage(module: Module) -> bool:
    """Tell whether this is a domain's store or tables, be it a file or a folder."""
    return module.parts[0] == "server" and module.parts[2:3] in {("store",), ("tables",)}


def test_tables_are_private_to_their_store() -> None:
    faults = [
        module.at(node, reached)
        for module in product_modules()
        if not module.is_in("server/migrations", "server/kernel")
        for node, reached in module.imports()
        if (domain := re.match(r"server\.(\w+)\.tables\b", reached))
        if not (_is_storage(module) and module.parts[1] == domain[1])
    ]
    fail_if_any(faults, "Tables are private to the store of their domain.")


def test_edges_reach_storage_only_through_services() -> None:
    faults = [
        module.at(node, reached)
        for module in product_modules()
        if module.parts[0] == "server" and module.parts[1] in EDGES
        for node, reached in module.imports()
        if re.match(r"server\.\w+\.store\b", reached)
    ]
    fail_if_any(faults, "An edge calls a service; the service calls the store.")


def test_money_is_never_a_fraction() -> None:
    faults = [
        module.at(node, ast.unparse(node))
        for module in product_modules()
        if module.is_in("shared/money", *(f"server/{domain}" for domain in MONEY_DOMAINS))
        for node in ast.walk(module.tree)
        if _makes_fraction(node)
    ]
    fail_if_any(faults, "Money is whole fen: no float, no Decimal, no true division.")


def _makes_fraction(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=float()) | ast.BinOp(op=ast.Div()):
            return True
        case ast.Name(id="float" | "Decimal"):
            return True
    return False


def test_nothing_names_a_registry_or_a_private_path() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    faults = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "ignore")
        for number, line in enumerate(text.splitlines(), 1):
            if FOREIGN_TEXT.search(line) or any(foreign in line for foreign in FOREIGN_PATHS):
                faults.append(f"{name}:{number}: {line.strip()[:80]}")
    fail_if_any(faults, "A file names a package registry, or a path on somebody's machine.")
