"""A till at a counter: the real program, its window on a screen of its own, and hands for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.demo.keyboard import Keyboard
from server.demo.programs import Program, Programs
from server.demo.screen import Picture, Screen, share_of
from server.demo.server_program import hexiao
from server.demo.till_file import ScanSeen, TillFile
from server.demo.waiting import StepFailedError, expect, until

MANUAL_KEY = "F2"
TITLE = "核销台"
SYNC_KEY = "F5"
CAMERA_KEY = "F6"
DIGITS = 6

WINDOW_SECONDS = 30.0
VERDICT_SECONDS = 15.0
COLOUR_SECONDS = 5.0

GREEN = "#00695C"
YELLOW = "#FFC233"
RED = "#B71C1C"
VIOLET = "#4A3AA7"
OFFLINE_SHARE = 0.02
"""The colours of a verdict on the whole screen: redeemed, look again, not redeemed."""


@dataclass(frozen=True, slots=True)
class TillSetup:
    """One till of the demo.

    Attributes:
        name: how people call it; also of its folder.
        store: where it stands.
        folder: receives its data.
        video: what its camera sees, or None for a till without camera.
        server: the address it is delivered with; empty for one that a person types.
    """

    name: str
    store: str
    folder: Path
    video: Path | None = None
    server: str = ""


class Counter:
    """One till and the person in front of it.

    Args:
        programs: starts the till.
        screen: where its window opens.
        setup: which till.
    """

    def __init__(self, programs: Programs, screen: Screen, setup: TillSetup) -> None:
        self._programs = programs
        self._program: Program | None = None
        # The window that had the keyboard before; a new one takes its place after the pairing.
        self._window = ""
        self._is_ready = False
        self.screen = screen
        self.keyboard = Keyboard(screen.display)
        self.setup = setup
        self.file = TillFile(setup.folder / "till.sqlite")

    def open(self, display: str | None = None) -> None:
        """Start the till.

        Args:
            display: another display than its own screen.
        """
        times_opened = self._times_opened()
        program = self._programs.start(
            f"till-{self.setup.folder.name}",
            [*hexiao("till"), *self._options()],
            variables={
                "DISPLAY": display or self.screen.display,
                "QT_QPA_PLATFORM": "xcb",
                "LANG": "C.UTF-8",
            },
        )
        self._program = program
        self._window = ""
        self._times_opened_before = times_opened
        self._is_ready = False
        program.must_run()

    def wait_until_ready(self) -> None:
        """Wait for the window in which vouchers are redeemed, and give it the keyboard.

        A till that has a camera starts with it on; it is switched off until it has a part.

        Raises:
            StepFailedError: it does not appear in time.
        """
        self._focus()
        if self.setup.video is not None:
            self.keyboard.press(CAMERA_KEY)
        self._is_ready = True

    def _focus(self) -> None:
        """Wait until the till is open behind its newest window, and give that the keyboard."""
        program = self._running()

        def look() -> bool:
            program.must_run()
            return self._times_opened() > self._times_opened_before

        until(look, f"{self.setup.name} to be open", seconds=WINDOW_SECONDS)
        self._window = self.keyboard.focus(
            program.process.pid, TITLE, other_than=self._window, seconds=WINDOW_SECONDS
        )

    def end(self) -> None:
        """Close the till in good order."""
        self._running().end()

    def kill(self) -> None:
        """Pull the plug: `kill -9`."""
        self._running().kill()

    def pair(self, address: str, code: str, read_digits: Callable[[Picture], str]) -> str:
        """Type the server's address and a code into the pairing page.

        Args:
            address: of the server.
            code: as headquarters reads it out.
            read_digits: reads the large digits of a picture.

        Returns:
            The six digits that the till's screen shows.
        """
        self._focus()
        if not self.setup.server:
            self.keyboard.type_slowly(address)
            self.keyboard.press("Return")
        self.keyboard.type_slowly(code)
        self.keyboard.press("Return")

        def look() -> str | None:
            digits = read_digits(self.screen.picture())
            return digits if len(digits) == DIGITS else None

        return until(look, f"six digits on the screen of {self.setup.name}")

    def type_code(self, code: str) -> None:
        """Type a code by hand, as the key F2 offers."""
        self.keyboard.press(MANUAL_KEY)
        self.keyboard.type_slowly(code)
        self.keyboard.press("Return")

    def is_offline(self) -> bool:
        """Whether the screen shows the offline banner."""
        return share_of(self.screen.picture(), VIOLET) >= OFFLINE_SHARE

    def is_online(self) -> bool:
        """Whether it shows none."""
        return not self.is_offline()

    def _times_opened(self) -> int:
        log = self.setup.folder / "till.log"
        return log.read_text(encoding="utf-8").count("till open") if log.is_file() else 0

    def redeems(self, act: Callable[[], None], last_four: str) -> ScanSeen:
        """Do something that shows a voucher, and see it redeemed: on the disk and on the screen.

        Args:
            act: scans, types or holds a phone to the camera.
            last_four: end of the voucher's code.

        Raises:
            StepFailedError: it was not redeemed, or the screen did not turn green.
        """
        return self._decides(act, last_four, ("accepted",), (GREEN,))

    def refuses(self, act: Callable[[], None], last_four: str, reasons: Sequence[str]) -> ScanSeen:
        """Do something that shows a voucher, and see it refused for one of the reasons."""
        return self._decides(act, last_four, reasons, (YELLOW, RED))

    def _decides(
        self,
        act: Callable[[], None],
        last_four: str,
        reasons: Sequence[str],
        colours: Sequence[str],
    ) -> ScanSeen:
        expect(self._is_ready, f"{self.setup.name} to be ready for scans")
        before = self.file.last_seq()

        def look() -> ScanSeen | None:
            self._running().must_run()
            return self.file.scan_after(before, last_four)

        act()
        seen = until(
            look,
            f"{self.setup.name} to decide about ··{last_four}",
            seconds=VERDICT_SECONDS,
        )
        expect(seen.reason in reasons, f"{' or '.join(reasons)}, and got {seen.reason}")
        until(
            lambda: any(self.screen.shows(colour) for colour in colours),
            f"the screen of {self.setup.name} to show {' or '.join(colours)}",
            seconds=COLOUR_SECONDS,
        )
        return seen

    def _running(self) -> Program:
        if self._program is None:
            raise StepFailedError(f"{self.setup.name} was never started")
        return self._program

    def _options(self) -> list[str]:
        folder = self.setup.folder
        # A machine without a session has no key store; the keys then lie in a file.
        secrets = folder / "secrets"
        options = ["--data-dir", str(folder), "--secrets-file", str(secrets), "--language", "zh"]
        if self.setup.video is not None:
            options += ["--camera", str(self.setup.video)]
        if self.setup.server:
            options += ["--server", self.setup.server]
        return options
