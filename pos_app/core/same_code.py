"""The rule by which a code that is read twice counts once."""

from collections import OrderedDict

from pos_app.core.scan import Scan, ScanSource

HARDWARE_REPEAT_MS = 2500
"""A gun's second reading of a code within this time is the same customer's."""
CAMERA_REPEAT_MS = 5000
"""A camera must not have seen a code for this long before the code counts again."""
REMEMBERED_CODES_MAX = 64


class SameCodeGuard:
    """Remembers when each code was last read and tells repeats from new readings.

    Every reading renews the memory, so a code that lies in front of a camera, or that a gun on a
    stand keeps reading, counts once for as long as it stays in view. Codes are remembered across
    devices: the same code seen by gun and camera counts once.
    """

    def __init__(self) -> None:
        self._last_read_ms: OrderedDict[str, int] = OrderedDict()

    def is_repeat(self, scan: Scan) -> bool:
        """Note a reading and say whether it repeats an earlier one.

        Args:
            scan: with its text already cleaned, so that two ways of writing a code agree.

        Returns:
            True where the same text was read less than `repeat_window_ms(scan.source)` before.
            A person who types a code means it: typed scans never repeat.
        """
        last_read_ms = self._last_read_ms.pop(scan.text, None)
        self._last_read_ms[scan.text] = scan.received_at_ms
        while len(self._last_read_ms) > REMEMBERED_CODES_MAX:
            self._last_read_ms.popitem(last=False)
        if last_read_ms is None:
            return False
        return scan.received_at_ms - last_read_ms < repeat_window_ms(scan.source)

    def forget(self, text: str) -> None:
        """Let the next reading of `text` count, for example after an undone redemption."""
        self._last_read_ms.pop(text, None)


def repeat_window_ms(source: ScanSource) -> int:
    """How long after a reading the same code counts as the same reading, in milliseconds."""
    match source:
        case ScanSource.typed:
            return 0
        case ScanSource.camera:
            return CAMERA_REPEAT_MS
        case _:
            return HARDWARE_REPEAT_MS
