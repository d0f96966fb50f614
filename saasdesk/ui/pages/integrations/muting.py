"""For how long nobody is to be told of an integration: the same choices on its page, its tile and its line."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from saasdesk.ui.overview.menu import Entry, Say, add_groups
from saasdesk.ui.pages.integrations.tile_facts import TileFacts

UNMUTE = "unmute"
_MUTE = "mute "
_A_DAY = 24


def mute_entries() -> list[Entry]:
    """What can be chosen, each with its wish."""
    return [
        (_tr("For 8 hours"), f"{_MUTE}8"),
        (_tr("For a day"), f"{_MUTE}{_A_DAY}"),
        (_tr("For a week"), f"{_MUTE}{7 * _A_DAY}"),
        (_tr("For good"), f"{_MUTE}0"),
    ]


def hours_of(wish: str) -> int | None:
    """For how many hours a wish mutes, 0 for good; None where it wishes something else."""
    return int(wish.removeprefix(_MUTE)) if wish.startswith(_MUTE) else None


def add_muting(menu: QMenu, facts: TileFacts, say: Say) -> None:
    """The way into silence, or out of it."""
    if facts.muted:
        add_groups(menu, [[(_tr("Unmute"), UNMUTE)]], say)
        return
    menu.addSeparator()
    choices = menu.addMenu(_tr("Mute notices"))
    choices.setToolTip(_tr("Home and Activity show its failures all the same"))
    add_groups(choices, [mute_entries()], say)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Muting", text)
