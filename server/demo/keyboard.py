"""Hands at the counter: real key strokes into the real window, through xdotool."""

import subprocess
from dataclasses import dataclass

from server.demo.waiting import StepFailedError, until

GUN_KEY_MS = 4
"""What a barcode gun waits between two keys; common guns are set to 1 to 15."""
PERSON_KEY_MS = 90
"""What a quick person waits between two keys."""
ONE_CALL_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Presses keys on one display.

    Attributes:
        display: such as `:99`.
    """

    display: str

    def scan(self, text: str) -> None:
        """Do what a barcode gun does: a burst of keys, then Return."""
        # xdotool's own "\n" is Linefeed, which no gun sends; hence the second call.
        self._xdotool("type", "--clearmodifiers", "--delay", str(GUN_KEY_MS), text)
        self.press("Return")

    def type_slowly(self, text: str) -> None:
        """Type like a person; without Return."""
        self._xdotool("type", "--clearmodifiers", "--delay", str(PERSON_KEY_MS), text)

    def press(self, *keys: str) -> None:
        """Press keys by their X names, such as `Return`, `F2` or `ctrl+a`, one after another."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def click(self, x: int, y: int) -> None:
        """Move the mouse to a pixel of the screen and click."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def focus(self, process_id: int, title: str, *, other_than: str = "", seconds: float) -> str:
        """Wait for a visible window of a program, spread it over the screen, give it the keyboard.

        Args:
            process_id: of the program.
            title: part of the window's title.
            other_than: number of a window that is not meant.
            seconds: how long to wait at most.

        Returns:
            The window's X number.
        """
        window = until(
            lambda: self._visible_window(process_id, title, other_than),
            f"the window {title!r}",
            seconds=seconds,
        )
        # Without a window manager nobody else places a window and gives it the keyboard.
        self._xdotool("windowmove", window, "0", "0")
        self._xdotool("windowsize", window, "100%", "100%")
        self._xdotool("windowfocus", "--sync", window)
        return window

    def _visible_window(self, process_id: int, title: str, other_than: str) -> str | None:
        found = self._run("search", "--onlyvisible", "--pid", str(process_id))
        for window in found.stdout.split():
            if window != other_than and title in self._run("getwindowname", window).stdout:
                return window
        return None

    def _xdotool(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise StepFailedError(f"xdotool {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["xdotool", *arguments],
            env={"DISPLAY": self.display, "PATH": "/usr/bin:/bin:/usr/local/bin"},
            capture_output=True,
            text=True,
            timeout=ONE_CALL_SECONDS,
            check=False,
        )
