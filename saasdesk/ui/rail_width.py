"""Whether the rail shows titles or only icons."""

from collections.abc import Mapping
from typing import Any

from saasdesk.ui.rail import Rail
from saasdesk.ui.theme import Theme

_LEAST_WIDTH_FOR_TITLES = 880


class RailWidth:
    """Fits the rail: as the admin chose; on a page that asks for room as they chose there, at first icons only.

    A narrow window has icons only, whatever was chosen.
    """

    def __init__(self, theme: Theme, rail: Rail, remembered: Mapping[str, Any]) -> None:
        self._theme, self._rail = theme, rail
        self._is_narrow = bool(remembered.get("rail_narrow", False))
        self._narrow_on: dict[str, bool] = dict(remembered.get("rail_by_page", {}))
        self._asking: set[str] = set()

    def to_remember(self) -> dict[str, Any]:
        """What was chosen, for the next start."""
        return {"rail_narrow": self._is_narrow, "rail_by_page": self._narrow_on}

    def note_need(self, page: str, *, is_needed: bool) -> None:
        """A page asks for room, or no longer does."""
        if is_needed:
            self._asking.add(page)
        else:
            self._asking.discard(page)

    def turn(self, page: str) -> None:
        """The other way from now on: for this page if it asked for room, else everywhere."""
        is_narrow = not self._rail.is_narrow
        if page in self._asking:
            self._narrow_on[page] = is_narrow
        else:
            self._is_narrow = is_narrow

    def fit(self, page: str, window_width: int) -> None:
        """Show the rail as it has to be beside this page."""
        is_narrow = self._narrow_on.get(page, True) if page in self._asking else self._is_narrow
        is_narrow = is_narrow or window_width < self._theme.px(_LEAST_WIDTH_FOR_TITLES)
        if is_narrow != self._rail.is_narrow:
            self._rail.set_narrow(is_narrow)
