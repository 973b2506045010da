"""How long to wait before trying again: 1, 2, 4 … 30 seconds, spread so that tills do not march."""

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 30.0
SPREAD = 0.25
"""A delay is up to this part shorter."""


class Backoff:
    """Counts failures in a row."""

    def __init__(self) -> None:
        self._failures = 0

    def next_seconds(self, chance: float) -> float:
        """How long to wait after one more failure.

        Args:
            chance: 0 to 1, drawn anew for each delay.

        Returns:
            Seconds, at most `LONGEST_SECONDS`.
        """
        whole = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(self._failures, 10))
        self._failures += 1
        return whole * (1 - SPREAD * chance)

    def succeeded(self) -> None:
        """Begin again at the shortest delay."""
        self._failures = 0
