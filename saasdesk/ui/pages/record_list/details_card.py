"""What is known of a record: each value below the other, with where it comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from saasdesk.fields import Field
from saasdesk.records.listing import Column as ListColumn
from saasdesk.ui.pages.record_list.naming import Values, link_to_person
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.times import shown_now
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, clear_layout
from saasdesk.ui.widgets.plain_label import PlainLabel

_LABEL = 132


@dataclass(frozen=True, slots=True)
class Detail:
    """A label and what stands beside it; `origin` is said below it, and it leads to the `person` it names."""

    label: str
    text: str
    origin: str = ""
    person: int | None = None


class DetailsCard(Card):
    """The fields of a record that have a value, in the order of the data model."""

    def __init__(self, theme: Theme, open_person: Callable[[int], object], parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._open_person = open_person
        self.add_title(self.tr("Details"))
        self._place = Column(theme, gap=0)
        self.body.addLayout(self._place)
        self._details: tuple[Detail, ...] = ()
        theme.changed.connect(self._write)

    def show_details(self, details: Iterable[Detail]) -> None:
        """Show these."""
        self._details = tuple(details)
        self._write()

    def _write(self) -> None:
        clear_layout(self._place)
        theme = self._theme
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnMinimumWidth(0, theme.px(_LABEL))
        grid.setColumnStretch(1, 1)
        for row, detail in enumerate(self._details):
            self._add(grid, row, detail)
        holder = QWidget()
        holder.setLayout(grid)
        self._place.addWidget(holder)

    def _add(self, grid: QGridLayout, row: int, detail: Detail) -> None:
        value = self._value(detail)
        caption = PlainLabel(detail.label, "body", "muted", elided=True)
        caption.setBuddy(value)
        # A long label must not take the room of the values.
        caption.setFixedWidth(self._theme.px(_LABEL))
        grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        told = Column(self._theme, gap=0)
        fills = value.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Minimum
        told.addWidget(value, 0, Qt.AlignmentFlag(0) if fills else Qt.AlignmentFlag.AlignLeft)
        if detail.origin:
            origin = PlainLabel(detail.origin, "secondary", "muted", elided=True)
            origin.setAccessibleName(visible_text(self.tr("{0}: {1}").format(detail.label, detail.origin)))
            told.addWidget(origin)
        grid.addLayout(told, row, 1)

    def _value(self, detail: Detail) -> QWidget:
        person = detail.person
        if person is None:
            return PlainLabel(detail.text, elided=True)
        return link_to_person(self._theme, detail.text, lambda: self._open_person(person))


def details_of(
    values: Values,
    origin: Callable[[Field], str] | None = None,
    person: Callable[[str], int | None] | None = None,
) -> Iterable[Detail]:
    """The values of fields as details: `origin` says where one is from, `person` whom the field of this name means."""
    texts, now = CellTexts(), shown_now()
    for field, value in values:
        shown = texts.shown(ListColumn(field.external_id, field.label, field.type), value, now)
        yield Detail(
            field.label,
            shown,
            "" if origin is None else origin(field),
            None if person is None else person(field.external_id),
        )
