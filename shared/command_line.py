"""The one command `hexiao`: finds the program a person named and hands it the rest of the line.

Programs announce themselves as entry points, so that a till's machine needs nothing of the server.
"""

import sys
from importlib.metadata import EntryPoint, entry_points

COMMAND_GROUP = "hexiao.commands"
EXIT_USAGE = 2


def commands() -> dict[str, EntryPoint]:
    """Every program of this installation, by name."""
    return {point.name: point for point in entry_points(group=COMMAND_GROUP)}


def main(arguments: list[str] | None = None) -> int:
    """Run `hexiao NAME …` and return its exit code.

    Args:
        arguments: the words after `hexiao`; the process's own when None.
    """
    words = sys.argv[1:] if arguments is None else arguments
    known = commands()
    if not words or words[0] not in known:
        sys.stderr.write(f"usage: hexiao {{{','.join(sorted(known))}}} …\n")
        return 0 if words[:1] in ([], ["--help"], ["-h"]) and words else EXIT_USAGE
    try:
        program = known[words[0]].load()
    except ModuleNotFoundError as missing:
        sys.stderr.write(
            f"hexiao {words[0]}: the part {missing.name!r} is not installed on this machine; "
            f"install hexiao with the extra for this program (till or server)\n"
        )
        return EXIT_USAGE
    return int(program(words[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main())
