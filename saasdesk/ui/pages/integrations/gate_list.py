"""The list of what an integration needs before Launch; what is still to do leads to its place."""

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.mapping.editing import Place
from saasdesk.sync.gate import GateLine, GatePoint
from saasdesk.sync.integration import Integration
from saasdesk.ui.navigation import Frame
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph

_WIDEST = 760
_ABOUT_MAPPING = frozenset({GatePoint.FIELDS, GatePoint.SYNC_KEY, GatePoint.SOURCES})

DETAILS, CREDENTIAL, SCHEDULE = "details", "credential", "schedule"
"""The sections of an integration's page that have a form of their own; rules have one too."""
SECTIONS = {
    GatePoint.CREDENTIAL: CREDENTIAL,
    GatePoint.INPUTS: DETAILS,
    GatePoint.DEACTIVATE: DETAILS,
    GatePoint.SCHEDULE: SCHEDULE,
}


class GateList(QWidget):
    """One line each, with a tick or a link; `chosen` says whose link was taken."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, lines: Iterable[GateLine] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = Column(theme, gap=4)
        self.setLayout(self._column)
        self.links: list[LinkButton] = []
        self.show_lines(lines)

    def show_lines(self, lines: Iterable[GateLine]) -> None:
        """Show these lines instead."""
        clear_layout(self._column)
        self.links = []
        for line in lines:
            self._column.addWidget(self._row(line))

    def _row(self, line: GateLine) -> QWidget:
        theme = self._theme
        icon, tone = ("ok", "ok") if line.is_settled else ("warning", "warn") if line.blocks else ("info", "accent")
        row = Row(theme, gap=10)
        row.hold_height(lambda: theme.px(24))
        row.addWidget(IconLabel(theme, icon, tone, size=16), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Paragraph(theme, line.text, tone="muted" if line.is_settled else "text"), 1)
        if not line.is_settled:
            link = LinkButton(theme, _place_in_words(line), inline=True)
            link.setAccessibleName(f"{_place_in_words(line)}: {line.text}")
            link.clicked.connect(partial(self.chosen.emit, line))
            self.links.append(link)
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QWidget()
        box.setLayout(row)
        # A link far from its words would be looked for.
        box.setMaximumWidth(theme.px(_WIDEST))
        return box


def still_to_do(lines: Sequence[GateLine]) -> list[GateLine]:
    """The lines that keep an integration from being launched."""
    return [line for line in lines if line.blocks]


def go_to(frame: Frame, integration: Integration, line: GateLine) -> None:
    """Go where a line is settled: the mapping at its field, or the form of a section."""
    if line.point in _ABOUT_MAPPING:
        place = Place(integration.document.main_kind, line.target) if line.target else None
        frame.navigate("mapping", (integration.id, place) if place is not None else integration.id)
    else:
        frame.navigate("integration", (integration.id, SECTIONS[line.point]))


def _place_in_words(line: GateLine) -> str:
    def tr(text: str) -> str:
        return QCoreApplication.translate("GateList", text)

    if line.point in _ABOUT_MAPPING:
        return tr("Open the mapping")
    return {
        CREDENTIAL: tr("Choose the credential"),
        DETAILS: tr("Edit the details"),
        SCHEDULE: tr("Edit the schedule"),
    }[SECTIONS[line.point]]
