"""How a filter of a table is added and changed: in a small dialog, or as a whole rule."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from saasdesk.ui.tables.arrangement import Arrangement
from saasdesk.ui.tables.filter_bar import FilterBar
from saasdesk.ui.tables.filter_dialog import FilterDialog
from saasdesk.ui.tables.filter_words import missing_fields, parts_of
from saasdesk.ui.theme import Theme

if TYPE_CHECKING:
    from saasdesk.ui.tables.rules_dialog import RulesDialog


class FilterEditing(QObject):
    """Opens one dialog at a time over the table, and puts what was entered among the filters of the bar."""

    def __init__(self, theme: Theme, bar: FilterBar, arrangement: Arrangement, table: QWidget) -> None:
        super().__init__(table)
        self._theme, self._bar, self._arrangement = theme, bar, arrangement
        self._dialog: FilterDialog | RulesDialog | None = None
        # Which of the filters is changed; None while one is added.
        self._place: int | None = None
        bar.add_wanted.connect(self.add)
        bar.change_wanted.connect(self._change)

    @property
    def _table(self) -> QWidget:
        # Not kept: a child that goes with the last reference to its parent takes itself along a second time.
        return cast("QWidget", self.parent())

    def add(self, key: str = "") -> None:
        """Ask for one more filter, on this column if one is named."""
        columns = self._arrangement.columns_in_order()
        self._open(FilterDialog(self._theme, columns, key=key, parent=self._table), None)

    def _change(self, place: int) -> None:
        rule, columns = parts_of(self._bar.rule)[place], self._arrangement.columns_in_order()
        if rule.field is None:
            self._open_rules(rule.model_dump(mode="json", exclude_none=True), place)
        elif missing_fields(rule, {column.key for column in columns}):
            # Of what is gone there is nothing to change: another field takes its place.
            self._open(FilterDialog(self._theme, columns, parent=self._table), place)
        else:
            self._open(FilterDialog(self._theme, columns, rule, parent=self._table), place)

    def _open_rules(self, draft: Mapping[str, Any], place: int | None) -> None:
        # The builder of rules itself uses parts of tables.
        from saasdesk.ui.tables.rules_dialog import RulesDialog

        self._open(RulesDialog(self._theme, self._arrangement.columns_in_order(), draft, self._table), place)

    def _open(self, dialog: "FilterDialog | RulesDialog", place: int | None) -> None:
        self._dialog, self._place = dialog, place
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()
            if dialog.rule is not None:
                self._bar.put(dialog.rule, self._place)
            elif isinstance(dialog, FilterDialog) and dialog.draft is not None:
                self._open_rules(dialog.draft, self._place)
