"""The demo's story: its steps in order, and whose screen is photographed after each."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path

from server.demo.books import copy_database
from server.demo.browser import photograph_page
from server.demo.scenes_books import books_verified, other_till_and_console_agree, refund_by_recall
from server.demo.scenes_offline import (
    held_redeems_offline,
    killed_and_restarted,
    line_back_drained,
    line_cut,
    token_from_phone_redeems_offline,
    unknown_refused_offline,
)
from server.demo.scenes_online import (
    camera_redeems,
    chain_created,
    gun_redeems,
    orders_paid,
    typed_redeems,
    used_again_refused,
    wrong_store_refused,
)
from server.demo.stage import Stage
from server.demo.steps import StepRecorder


class View(Enum):
    """Where the camera of the demo stands."""

    desk = auto()
    """Headquarters' browser."""
    phone = auto()
    """The buyer's browser."""
    till = auto()
    """The screen of till 1."""
    other_till = auto()
    """The screen of till 2."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story; its name is the scene's."""

    scene: Callable[[Stage], str]
    view: View


STEPS = (
    Step(chain_created, View.desk),
    Step(orders_paid, View.phone),
    Step(gun_redeems, View.till),
    Step(camera_redeems, View.till),
    Step(typed_redeems, View.till),
    Step(used_again_refused, View.other_till),
    Step(wrong_store_refused, View.till),
    Step(line_cut, View.till),
    Step(held_redeems_offline, View.till),
    Step(token_from_phone_redeems_offline, View.till),
    Step(unknown_refused_offline, View.till),
    Step(killed_and_restarted, View.till),
    Step(line_back_drained, View.till),
    Step(other_till_and_console_agree, View.desk),
    Step(refund_by_recall, View.phone),
    Step(books_verified, View.desk),
)


def play(stage: Stage) -> StepRecorder:
    """Play every step, whatever becomes of the others, and keep a copy of till 1's database."""
    recorder = StepRecorder(stage.folder)
    for step in STEPS:
        name = step.scene.__name__
        recorder.run(name, partial(step.scene, stage), _photographer(stage, step.view))
    if stage.till.file.path.is_file():
        copy_database(stage.till.file.path, stage.folder / "till-1.sqlite")
    return recorder


def _photographer(stage: Stage, view: View) -> Callable[[Path], None]:
    match view:
        case View.desk:
            return partial(photograph_page, stage.browsers.desk)
        case View.phone:
            return partial(photograph_page, stage.browsers.phone)
        case View.till:
            return stage.till.screen.photograph
        case View.other_till:
            return stage.other_till.screen.photograph
