"""What a report asks, part by part; every edit is handed on as the draft that it makes."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from saasdesk.records.listing import Column as ListColumn
from saasdesk.reports.csv_lines import DELIMITERS
from saasdesk.reports.names import LONGEST_NAME
from saasdesk.reports.report.document import (
    MOST_COLUMNS,
    MOST_GROUPS,
    MOST_SORTS,
    ReportObject,
    Total,
)
from saasdesk.reports.report.draft import ReportDraft, TotalDraft
from saasdesk.reports.report.lines import NOUNS, shown_columns, usual_columns
from saasdesk.ui.pages.reports.builder.chosen_fields import ChosenFields
from saasdesk.ui.pages.reports.builder.totals_field import TotalsField
from saasdesk.ui.rule_builder import RuleGroup
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl

Known = Mapping[ReportObject, Sequence[ListColumn]]
"""Every column that a report may have, by what it is about."""

_RECORDS, _GROUPS = "records", "groups"
_LONGEST_DESCRIPTION = 1_000


class ReportForm(QWidget):
    """`edited` carries the new draft, the name of the step, and what it may be merged with; the page keeps it."""

    edited = Signal(object, str, str)

    def __init__(self, theme: Theme, known: Known, draft: ReportDraft) -> None:
        super().__init__()
        self._theme, self._known, self._draft = theme, known, draft
        self.rule: RuleGroup | None = None
        self._shown_filter: dict[str, Any] | None = None
        self._build()
        self._connect()
        self._put_rule(draft)
        self.show_draft(draft)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.description = QLineEdit()
        self.description.setMaxLength(_LONGEST_DESCRIPTION)
        self.object = QComboBox()
        for about in ReportObject:
            noun = NOUNS[about]
            self.object.addItem(noun[:1].upper() + noun[1:], about.value)
        self.records = QComboBox()
        for key, word in (
            ("active", self.tr("Active ones")),
            ("deactivated", self.tr("Deactivated ones")),
            ("all", self.tr("All")),
        ):
            self.records.addItem(word, key)
        self.grid = FormGrid(theme, label_width=96, gap=8)
        self.grid.add_field(self.tr("Name"), self.name)
        self.grid.add_field(self.tr("Description"), self.description)
        self.grid.add_field(self.tr("About"), self.object)
        self.grid.add_field(self.tr("Records"), self.records)
        each = Choice(_RECORDS, self.tr("Each record"))
        together = Choice(_GROUPS, self.tr("Each group"))
        self.lines = SegmentedControl(theme, self.tr("What a line is"), (each, together))
        self.grid.add_field(self.tr("A line for"), self.lines)
        self.columns = ChosenFields(theme, self.tr("Columns"), self.tr("Add a column…"), MOST_COLUMNS)
        self.groups = ChosenFields(theme, self.tr("Groups"), self.tr("Add a group…"), MOST_GROUPS)
        self.totals = TotalsField(theme)
        self.sort = ChosenFields(theme, self.tr("Sorted by"), self.tr("Sort by…"), MOST_SORTS, can_turn=True)
        self._filter_place = Column(theme, gap=0)
        self._parts: dict[QWidget, PlainLabel] = {}
        column = Column(theme, gap=8, margins=(24, 16, 16, 24))
        column.addLayout(self.grid)
        for title, part in (
            (self.tr("Columns"), self.columns),
            (self.tr("Grouped by"), self.groups),
            (self.tr("Totals"), self.totals),
            (self.tr("Sorted by"), self.sort),
        ):
            column.addWidget(self._title(title, part))
            column.addWidget(part)
        column.addWidget(self._title(self.tr("Filter")))
        column.addLayout(self._filter_place)
        column.addWidget(self._title(self.tr("CSV file")))
        column.addLayout(self._build_format())
        column.addStretch(1)
        self.setLayout(column)

    def _title(self, text: str, part: QWidget | None = None) -> PlainLabel:
        title = PlainLabel(text, "card-title")
        title.setContentsMargins(0, self._theme.px(10), 0, 0)
        if part is not None:
            self._parts[part] = title
        return title

    def _build_format(self) -> FormGrid:
        self.delimiter = QComboBox()
        words = {",": self.tr("Comma"), ";": self.tr("Semicolon"), "\t": self.tr("Tab"), "|": self.tr("Bar")}
        for sign in DELIMITERS:
            self.delimiter.addItem(words[sign], sign)
        self.for_programs = QCheckBox(self.tr("For programs, not for a spreadsheet"))
        grid = FormGrid(self._theme, label_width=96, gap=8)
        grid.add_field(self.tr("Delimiter"), self.delimiter)
        grid.add_whole_row(self.for_programs)
        grid.add_whole_row(
            Paragraph(
                self._theme,
                self.tr(
                    "A spreadsheet gets texts that look like formulas with a quote before them. "
                    "A program gets every value as it is, and External IDs as headings."
                ),
                role="secondary",
                tone="muted",
            )
        )
        return grid

    def _connect(self) -> None:
        self.name.textEdited.connect(lambda text: self._edit({"name": text}, self.tr("Name"), "name"))
        self.description.textEdited.connect(
            lambda text: self._edit({"description": text}, self.tr("Description"), "description")
        )
        self.object.activated.connect(self._on_object)
        self.records.activated.connect(
            lambda _place: self._edit({"records": self.records.currentData()}, self.tr("Records"))
        )
        self.lines.chosen.connect(lambda key: self._edit({"is_grouped": key == _GROUPS}, self.tr("Lines")))
        self.columns.changed.connect(self._on_columns)
        self.groups.changed.connect(lambda: self._edit({"group_by": self.groups.keys}, self.tr("Groups")))
        self.totals.changed.connect(lambda: self._edit({"totals": self.totals.totals}, self.tr("Totals"), "totals"))
        self.sort.changed.connect(lambda: self._edit({"sort": self.sort.keys}, self.tr("Sorting")))
        self.delimiter.activated.connect(self._on_format)
        self.for_programs.clicked.connect(self._on_format)

    # Showing

    def show_draft(self, draft: ReportDraft) -> None:
        """Show this draft; what is the same already stays as it is, with the keyboard where it was."""
        self._draft = draft
        known = self._columns
        titles = {key: column.title for key, column in known.items()}
        for field, text in ((self.name, draft.name), (self.description, draft.description)):
            if field.text() != text:
                field.setText(text)
        for combo, key in (
            (self.object, draft.object.value),
            (self.records, draft.records),
            (self.delimiter, draft.format.delimiter),
        ):
            combo.setCurrentIndex(combo.findData(key))
        with QSignalBlocker(self.for_programs):
            self.for_programs.setChecked(draft.format.for_programs)
        self.lines.set_current(_GROUPS if draft.is_grouped else _RECORDS)
        self.columns.show_keys(draft.columns or usual_columns(known), titles)
        self.groups.show_keys(draft.group_by, titles)
        self.totals.show_totals(draft.totals, titles)
        self.sort.show_keys(draft.sort, self._sortable(draft))
        if draft.filter != self._shown_filter:
            self._put_rule(draft)
        self.grid.set_shown(self.records, shown=draft.object.has_states)
        for part, is_shown in (
            (self.columns, not draft.is_grouped),
            (self.groups, draft.is_grouped),
            (self.totals, draft.is_grouped),
        ):
            part.setVisible(is_shown)
            self._parts[part].setVisible(is_shown)

    @property
    def _columns(self) -> dict[str, ListColumn]:
        return {column.key: column for column in self._known[self._draft.object]}

    def _sortable(self, draft: ReportDraft) -> dict[str, str]:
        """What the lines of a draft may be sorted by: what they show."""
        known = {column.key: column for column in self._known[draft.object]}
        if not draft.is_grouped:
            shown = shown_columns(known, draft.object, [key for key in draft.columns if key in known])
            if not draft.columns:
                shown = shown_columns(known, draft.object, usual_columns(known))
        else:
            totals = [total for each in draft.totals or (TotalDraft(),) if (total := _whole(each)) is not None]
            groups = [key for key in draft.group_by if key in known]
            kept = [total for total in totals if not total.of or total.of in known]
            shown = shown_columns(known, draft.object, (), groups, kept)
        return {column.key: column.title for column in shown}

    def _put_rule(self, draft: ReportDraft) -> None:
        before, columns = self.rule, self._known[draft.object]
        self._shown_filter = draft.filter
        self.rule = RuleGroup(self._theme, columns, draft.filter, is_narrow=True, only_known=True)
        self.rule.changed.connect(self._on_rule)
        self._filter_place.addWidget(self.rule)
        if before is not None:
            self._filter_place.removeWidget(before)
            before.hide()
            before.deleteLater()

    # What somebody does

    def _edit(self, change: dict[str, Any], step: str, merge: str = "") -> None:
        """Hand on the draft with this change; what its lines are no longer sorted by goes with it."""
        before = self._draft
        draft = before.model_copy(update=change)
        lost = self._sortable(before).keys() - self._sortable(draft).keys()
        if lost:
            draft = draft.model_copy(
                update={"sort": tuple(key for key in draft.sort if key.removeprefix("-") not in lost)}
            )
        if draft != before:
            self.edited.emit(draft, step, merge)

    def _on_object(self, _place: int) -> None:
        about = ReportObject(self.object.currentData())
        if about is not self._draft.object:
            known = {column.key: column for column in self._known[about]}
            self.edited.emit(self._draft.about(about, known), self.tr("What the report is about"), "")

    def _on_columns(self) -> None:
        keys = self.columns.keys
        usual = usual_columns(self._columns)
        self._edit({"columns": () if keys == usual else keys}, self.tr("Columns"))

    def _on_rule(self) -> None:
        if self.rule is not None:
            self._shown_filter = self.rule.draft()
            parts = len(self.rule.findChildren(QWidget))
            self._edit({"filter": self._shown_filter}, self.tr("Filter"), f"filter {parts}")

    def _on_format(self) -> None:
        chosen = {"delimiter": self.delimiter.currentData(), "for_programs": self.for_programs.isChecked()}
        self._edit({"format": self._draft.format.model_copy(update=chosen)}, self.tr("CSV file"))


def _whole(total: TotalDraft) -> Total | None:
    """A total that lacks nothing."""
    try:
        return Total.model_validate(total.model_dump())
    except ValueError:
        return None
