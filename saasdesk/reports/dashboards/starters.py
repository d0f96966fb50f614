"""Dashboards that are ready to copy: two of everything, and one for each vendor; files as an admin could write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from saasdesk.errors import UserError
from saasdesk.reports.dashboards.board import BoardDocument, board_from, parse_board
from saasdesk.resources import resource

OVERVIEW = "overview"
# Those that tell of all vendors together, in the order in which they are offered.
_OF_EVERYTHING = (OVERVIEW, "seats")
# Fields whose conditions name an application.
_NAMES_APPLICATIONS = ("saas_application", "suspended_in")


@dataclass(frozen=True, slots=True)
class Starter:
    """A dashboard to begin with; `key` is the name of its file, and a vendor's is that of its connector."""

    key: str
    document: BoardDocument

    @property
    def is_of_everything(self) -> bool:
        """Whether it tells of all vendors together, and is offered whatever is connected."""
        return self.key in _OF_EVERYTHING

    def copy(self, applications: Mapping[str, str]) -> BoardDocument:
        """A dashboard of the admin's own, in which applications have the names that they have here."""
        data = _renamed(self.document.model_dump(mode="json", by_alias=True, exclude_none=True), applications)
        return board_from(data, self.document.name)


@cache
def list_starters() -> tuple[Starter, ...]:
    """All of them: those of everything, then the vendors by name."""
    files = {file.stem: file for file in sorted(resource("dashboards").glob("*.toml"))}
    keys = [*_OF_EVERYTHING, *(key for key in files if key not in _OF_EVERYTHING)]
    return tuple(Starter(key, parse_board(files[key].read_text("utf-8"), files[key].name)) for key in keys)


def find_starter(key: str) -> Starter:
    """The starter of this key; a UserError names those that there are."""
    for starter in list_starters():
        if starter.key == key:
            return starter
    known = ", ".join(starter.key for starter in list_starters())
    raise UserError(f"There is no starter “{key}”. There are: {known}.")


def _renamed(data: Any, names: Mapping[str, str]) -> Any:
    """The same data with other values in the conditions on an application."""
    if isinstance(data, dict):
        changed = {key: _renamed(value, names) for key, value in data.items()}
        if changed.get("field") in _NAMES_APPLICATIONS and isinstance(changed.get("value"), str):
            changed["value"] = names.get(changed["value"], changed["value"])
        return changed
    if isinstance(data, list):
        return [_renamed(each, names) for each in data]
    return data
