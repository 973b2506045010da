"""Time in a simulation: one true time, and machines whose wall clocks may be wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.clock import MachineTime


@dataclass(slots=True)
class TrueTime:
    """What time it really is, and on the server; only the scheduler moves it.

    Attributes:
        now: aware UTC.
    """

    now: datetime

    def pass_by(self, duration: timedelta) -> None:
        """Let time pass."""
        assert duration >= timedelta(0)
        self.now += duration


@dataclass(slots=True)
class Machine:
    """A computer: its wall clock can be set by anybody, its counter begins anew at each boot.

    Attributes:
        time: the true time.
        wall_is_ahead: by how much the wall clock is wrong.
        booted_at: the true time at which it was switched on.
        boot: number of that boot.
    """

    time: TrueTime
    wall_is_ahead: timedelta
    booted_at: datetime
    boot: int = 1

    def read(self) -> MachineTime:
        """What the machine says now."""
        return MachineTime(
            wall=self.time.now + self.wall_is_ahead,
            monotonic_seconds=(self.time.now - self.booted_at).total_seconds(),
            boot=f"boot {self.boot}",
        )

    def reboot(self) -> None:
        """Switch it off and on."""
        self.booted_at = self.time.now
        self.boot += 1
