"""The shortest history found for each mutation, kept to be played again by the tests."""

from pathlib import Path

from tests.together.histories import History, Step

FOLDER = Path(__file__).parent / "kept"


def file_of(mutation: str) -> Path:
    """Where the history of a mutation is kept."""
    return FOLDER / f"{mutation}.txt"


def keep(mutation: str, history: History) -> None:
    """Write a history down: its seed, whether tills may be lost in it, and its steps."""
    risk = "risky" if history.is_risky else "safe"
    lines = [f"seed {history.seed} {risk}", *(str(step) for step in history.steps)]
    FOLDER.mkdir(exist_ok=True)
    file_of(mutation).write_text("\n".join(lines) + "\n", encoding="utf-8")


def kept(mutation: str) -> History:
    """Read the history of a mutation."""
    first, *lines = file_of(mutation).read_text(encoding="utf-8").splitlines()
    _, seed, risk = first.split()
    steps = []
    for line in lines:
        action, draw = line.split()
        steps.append(Step(action, int(draw, 16)))
    return History(int(seed), tuple(steps), is_risky=risk == "risky")
