"""The command `hexiao till`: the counter app and the few things support does with its data."""

import argparse
import importlib
import os
import sys
from pathlib import Path

PHRASE_VARIABLE = "HEXIAO_TILL_PASSPHRASE"
EXIT_BAD_JOURNAL = 1
EXIT_USAGE = 2
LANGUAGES = {"zh": "zh-CN", "zh-CN": "zh-CN", "en": "en"}


def main(arguments: list[str] | None = None) -> int:
    """Run `hexiao till …`.

    Args:
        arguments: the words after `till`; the process's own when None.

    Returns:
        The exit code.
    """
    words = sys.argv[1:] if arguments is None else arguments
    given = _parser().parse_args(words)
    if given.selftest:
        return int(importlib.import_module("pos_app.app.selftest").run())
    if given.command is not None:
        return _inspect(given.command, given.data_dir / "till.sqlite")
    options = importlib.import_module("pos_app.app.options").TillOptions(
        data_folder=given.data_dir,
        secrets_file=given.secrets_file,
        passphrase=os.environ.get(PHRASE_VARIABLE, ""),
        server_url=given.server,
        camera=given.camera,
        language=LANGUAGES[given.language],
        full_screen=given.full_screen,
        screenshot_folder=given.screenshot_dir,
    )
    return int(importlib.import_module("pos_app.app.start").run(options))


def default_data_folder() -> Path:
    """Where a till keeps its data unless told otherwise."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "Hexiao"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Hexiao"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "hexiao"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hexiao till",
        description="The counter app. Without a command it opens the window.",
        epilog=f"{PHRASE_VARIABLE} holds the passphrase of the secrets file, if it has one.",
    )
    add = parser.add_argument
    add("--data-dir", "--folder", type=Path, default=default_data_folder(), metavar="DIR")
    add("--secrets-file", type=Path, metavar="FILE", help="keys in a file: protects less")
    add("--server", default="", metavar="URL", help="filled into the pairing form")
    add("--camera", "--camera-video", metavar="SOURCE", help="device number, or a video file")
    add("--language", choices=sorted(LANGUAGES), default="zh-CN")
    add("--full-screen", action="store_true")
    add("--screenshot-dir", type=Path, metavar="DIR", help="for support: a picture of each state")
    add("--selftest", action="store_true", help="try every part, print one line each, and end")
    commands = parser.add_subparsers(dest="command")
    journal = commands.add_parser("journal", help="check the till's own record")
    journal.add_argument("action", choices=["verify"])
    queue = commands.add_parser("queue", help="events that the server has not acknowledged")
    queue.add_argument("action", choices=["list"])
    for command in (journal, queue):
        # Repeated here so that the option may also follow the command.
        command.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, metavar="DIR")
    return parser


def _inspect(command: str, database: Path) -> int:
    """Look at a till's database from outside."""
    if not database.is_file():
        sys.stderr.write(f"hexiao till: there is no till in {database.parent}\n")
        return EXIT_USAGE
    checks = importlib.import_module("pos_app.services.journal_checks")
    if command == "queue":
        for line in checks.waiting_lines(database):
            print(line)
        return 0
    broken = checks.first_bad_record(database)
    if broken is None:
        print("journal: whole")
        return 0
    print(f"journal: record {broken.seq}: {broken.what}")
    return EXIT_BAD_JOURNAL


if __name__ == "__main__":
    sys.exit(main())
