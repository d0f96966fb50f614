"""The matrix of mappings as Qt asks for it: a row for each field, a column for each integration, words for both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import MapRow
from saasdesk.mapping.mapping import MANDATORY_TARGETS
from saasdesk.sync.mapping_matrix import MappingMatrix, MatrixColumn
from saasdesk.ui.moments import counted
from saasdesk.ui.pages.integrations.cards import source_of
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.status_word import Status

Index = QModelIndex | QPersistentModelIndex

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_NONE = MappingMatrix(ObjectKind.PEOPLE, (), (), {})


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What a field gets from an integration; `place` is that among its feeders, 0 where nobody chose one."""

    column: MatrixColumn
    field: Field
    line: MapRow | None
    place: int = 0
    feeders: int = 0


class MatrixModel(QAbstractTableModel):
    """Below the fields stands one more row: what is still free. For people, a last column says who feeds a field."""

    def __init__(self) -> None:
        super().__init__()
        self.matrix = _NONE
        self.fields: tuple[Field, ...] = ()
        self.states: Mapping[int, Status] = {}

    def show_matrix(self, matrix: MappingMatrix, states: Mapping[int, Status], *, only_mapped: bool) -> None:
        """Show other mappings; `states` says how each integration stands."""
        fields = tuple(
            field for field in matrix.fields if not only_mapped or matrix.is_mapped(field) or self.is_mandatory(field)
        )
        if (matrix, states, fields) == (self.matrix, self.states, self.fields):
            return
        self.beginResetModel()
        self.matrix, self.states, self.fields = matrix, states, fields
        self.endResetModel()

    @property
    def has_feeders(self) -> bool:
        """Whether the last column says who feeds a field."""
        return self.matrix.kind is ObjectKind.PEOPLE and len(self.matrix.columns) > 1

    def is_mandatory(self, field: Field) -> bool:
        """Whether no integration can be launched without it."""
        return field.external_id in MANDATORY_TARGETS.get(field.object, ())

    def field_at(self, row: int) -> Field | None:
        """The field of a row; None for the last one."""
        return self.fields[row] if 0 <= row < len(self.fields) else None

    def column_at(self, section: int) -> MatrixColumn | None:
        """The integration of a column; None for the feeders."""
        return self.matrix.columns[section] if 0 <= section < len(self.matrix.columns) else None

    def cell(self, row: int, section: int) -> MatrixCell | None:
        """What a field gets from an integration; None in the last row and in the column of the feeders."""
        field, column = self.field_at(row), self.column_at(section)
        if field is None or column is None:
            return None
        feeders = self.matrix.feeders.get(field.external_id, ())
        names = [feeder.integration for feeder in feeders if feeder.is_ordered]
        number = column.integration.id
        place = names.index(number) + 1 if number in names else 0
        return MatrixCell(column, field, column.lines.get(field.external_id), place, len(feeders))

    def text(self, row: int, section: int) -> str:
        """What a cell says."""
        field, column = self.field_at(row), self.column_at(section)
        if column is None:
            return "" if field is None else self.feeders_in_words(field)
        if field is None:
            return counted(len(column.free), self.tr("{0} free"), self.tr("{0} free")) if column.free else ""
        line = column.lines.get(field.external_id)
        return "" if line is None else source_of(line, column.integration.connector)

    def feeders_in_words(self, field: Field) -> str:
        """Whose value stands when several have one."""
        feeders = self.matrix.feeders.get(field.external_id, ())
        ordered = [feeder.name for feeder in feeders if feeder.is_ordered]
        if not feeders:
            return ""
        return ", ".join(ordered) if ordered else self.tr("Whoever filled it first")

    def spoken(self, row: int, section: int) -> str:
        """The same in a sentence that stands for itself."""
        field, column = self.field_at(row), self.column_at(section)
        if column is None:
            return "" if field is None else self._spoken_feeders(field)
        name = column.integration.name
        if field is None:
            if not column.free:
                return self.tr("Every source field of {0} is mapped").format(name)
            return self.tr("Still free in {0}: {1}").format(name, ", ".join(column.free))
        cell = self.cell(row, section)
        if cell is None or cell.line is None:
            return self.tr("{0} is not mapped by {1}").format(field.label, name)
        said = [self.tr("{0} from {1} of {2}").format(field.label, self.text(row, section), name)]
        if cell.line.transform:
            said.append(", ".join(cell.line.transform))
        if cell.line.sync_key is not None:
            said.append(self.tr("sync key {0}").format(cell.line.sync_key))
        if cell.place:
            said.append(self.tr("feeder {0} of {1}").format(cell.place, cell.feeders))
        return ", ".join(said)

    def _spoken_feeders(self, field: Field) -> str:
        feeders = self.matrix.feeders.get(field.external_id, ())
        names = [feeder.name for feeder in feeders]
        if not feeders:
            return self.tr("{0} has one feeder at most").format(field.label)
        if not any(feeder.is_ordered for feeder in feeders):
            return self.tr("{0} stays with whoever of {1} filled it first").format(field.label, ", ".join(names))
        return self.tr("{0} is fed by {1}, in this order").format(field.label, ", ".join(names))

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() or not self.matrix.columns else len(self.fields) + 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.matrix.columns) + self.has_feeders

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY:
            return visible_text(self.text(index.row(), index.column()))
        if role == _ACCESSIBLE:
            return visible_text(self.spoken(index.row(), index.column()))
        if role == _TOOL_TIP:
            return escaped_tip(self.spoken(index.row(), index.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _ACCESSIBLE, _TOOL_TIP):
            return None
        if orientation is Qt.Orientation.Vertical:
            field = self.field_at(section)
            return visible_text(self.tr("Source fields still free") if field is None else field.label)
        column = self.column_at(section)
        if column is None:
            return self.tr("Fed by, in this order")
        name = column.integration.name
        if role == _DISPLAY:
            return visible_text(name)
        state = self.states.get(column.integration.id)
        return visible_text(f"{name}, {state.word}" if state is not None else name)
