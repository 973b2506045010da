"""What the bundled till runs: the `hexiao` command, which opens the till when no word is given."""

import sys

from shared.command_line import main

sys.exit(main(sys.argv[1:] or ["till"]))
