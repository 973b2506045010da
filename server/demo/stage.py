"""Everything the story needs, set up and taken down: programs, screens, line, people."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from server.demo.browser import Browsers, open_browsers
from server.demo.buyer import Buyer, Purchase
from server.demo.chain import (
    DEFINITION,
    LAKE_STORE,
    SHOP,
    STATION_STORE,
    ImportedChain,
    read_import,
)
from server.demo.counter import Counter, TillSetup
from server.demo.digit_reader import DigitReader, learn_digits
from server.demo.headquarters import Headquarters
from server.demo.line import Line
from server.demo.programs import Programs
from server.demo.screen import open_screen
from server.demo.server_file import ServerFile
from server.demo.server_program import ServerProgram
from server.demo.waiting import StepFailedError

PRIVATE = "private"
PASSED_ON_VARIABLES = ("HOME", "LANG", "PATH", "TMPDIR", "TZ", "XDG_RUNTIME_DIR")


@dataclass(slots=True)
class Stage:
    """The running programs and what the story has brought about so far.

    Attributes:
        folder: receives pictures, databases and `steps.json`.
        private: for keys, logs and the tills' data.
        programs: everything started.
        server: the server.
        line: from till 1 to the server.
        browsers: the buyer's phone and headquarters' desk.
        headquarters: the person at the desk.
        till: the till of the story.
        other_till: stands at another store.
        digits: reads the digits that are compared when a till is paired.
        chain: as imported.
        vouchers: bought for a part in the story, by that part.
        sold: everything bought, in order.
        redeemed: vouchers that turned green at till 1, in order.
        token: what the QR code on the phone says that was sold after the cut.
    """

    folder: Path
    private: Path
    programs: Programs
    server: ServerProgram
    line: Line
    browsers: Browsers
    headquarters: Headquarters
    till: Counter
    other_till: Counter
    digits: DigitReader
    chain: ImportedChain | None = None
    vouchers: dict[str, Purchase] = field(default_factory=dict)
    sold: list[Purchase] = field(default_factory=list)
    redeemed: list[Purchase] = field(default_factory=list)
    token: str = ""

    @property
    def server_file(self) -> ServerFile:
        """The server's database."""
        return ServerFile(self.server.database)

    @property
    def video(self) -> Path:
        """What the camera of till 1 sees."""
        assert self.till.setup.video is not None
        return self.till.setup.video

    def voucher(self, part: str) -> Purchase:
        """The voucher that was bought for a part of the story.

        Raises:
            StepFailedError: an earlier step did not get as far as buying it.
        """
        if part not in self.vouchers:
            raise StepFailedError(f"no voucher was bought for {part!r}: see the steps before")
        return self.vouchers[part]

    def import_chain(self) -> ImportedChain:
        """Create the chain as an administrator does."""
        self.chain = read_import(self.server.command(["import-chain", str(DEFINITION)]))
        return self.chain

    def buyer(self, link_name: str | None = None) -> Buyer:
        """A new customer, who came by a distributor's link or by themselves."""
        link_code = None
        if link_name is not None:
            assert self.chain is not None
            link_code = self.chain.link_codes[link_name]
        return Buyer(self.server.address, SHOP, link_code)


@contextmanager
def set_stage(folder: Path) -> Iterator[Stage]:
    """Make the folder, start the screens and the browser; leaving the block ends every program.

    Args:
        folder: emptied first.

    Raises:
        StepFailedError: something the demo needs does not start.
    """
    private = _fresh(folder)
    variables = {name: os.environ[name] for name in PASSED_ON_VARIABLES if name in os.environ}
    with ExitStack() as closing:
        programs = closing.enter_context(Programs(private, variables))
        server = ServerProgram(programs, folder / "server.sqlite", private)
        line = closing.enter_context(Line(server.port))
        setups = (
            TillSetup("一号机", LAKE_STORE, private / "till-1", private / "phone.avi"),
            TillSetup("二号机", STATION_STORE, private / "till-2", server=server.address),
        )
        counters = []
        for setup in setups:
            screen_folder = setup.folder / "screen"
            screen_folder.mkdir(parents=True)
            screen = open_screen(programs, screen_folder)
            counters.append(Counter(programs, screen, setup))
        browsers = closing.enter_context(open_browsers())
        yield Stage(
            folder=folder,
            private=private,
            programs=programs,
            server=server,
            line=line,
            browsers=browsers,
            headquarters=Headquarters(browsers.desk, server.address),
            till=counters[0],
            other_till=counters[1],
            digits=learn_digits(browsers.desk),
        )


def _fresh(folder: Path) -> Path:
    """Empty the folder and make the part of it that is for the owner alone.

    Raises:
        StepFailedError: it holds something, and not an earlier demo's.
    """
    private = folder / PRIVATE
    if folder.exists():
        if any(folder.iterdir()) and not private.is_dir():
            raise StepFailedError(f"{folder} is not empty and not from an earlier demo")
        shutil.rmtree(folder)
    private.mkdir(parents=True)
    private.chmod(0o700)
    return private


def seconds_since(start: float) -> float:
    """Seconds passed since a reading of the steady counter."""
    return time.monotonic() - start
