"""This machine's time and name: the one place of the till that asks the system for them."""

import platform
import time
from datetime import UTC, datetime
from pathlib import Path

from shared.clock import MachineTime

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NAME_CHARACTERS_MAX = 64


def wall_clock() -> datetime:
    """What the machine's own clock says, aware UTC; people can set it."""
    return datetime.fromtimestamp(time.time(), UTC)


def machine_time() -> MachineTime:
    """Wall clock, a counter that nobody can set, and the run of the machine it belongs to."""
    return MachineTime(wall_clock(), _counter_seconds(), _boot())


def _counter_seconds() -> float:
    """Seconds since boot, with time asleep where the system can tell it."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


def _boot() -> str:
    """Names the run of the machine; without a name each process is a run of its own."""
    if _BOOT_ID.is_file():
        return _BOOT_ID.read_text().strip()
    return _PROCESS_RUN


_PROCESS_RUN = f"process {time.time_ns()}"


def machine_name() -> str:
    """How this machine names itself to headquarters, never empty."""
    return (platform.node() or "till")[:NAME_CHARACTERS_MAX]
