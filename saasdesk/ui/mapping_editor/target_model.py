"""Our fields as the rows of a table: what fills each, and what may become of it."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal

from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import MapRow, Policy
from saasdesk.mapping.editing import Place
from saasdesk.mapping.fitting import Fitting
from saasdesk.mapping.mapping import MANDATORY_TARGETS
from saasdesk.mapping.problems import Severity
from saasdesk.mapping.smart import Suggestion
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.painting import type_in_words
from saasdesk.ui.mapping_editor.pane import Index
from saasdesk.ui.mapping_editor.policies import policies_in_words
from saasdesk.ui.visible_text import escaped_tip, visible_text

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
TARGET, KEY, SOURCE, TRANSFORM, PREVIEW = range(5)


@dataclass(frozen=True, slots=True)
class Drop:
    """What would happen if the mouse let go now; without a place it is over none."""

    source: str
    place: Place | None = None
    fitting: Fitting | None = None


class TargetModel(QAbstractTableModel):
    """A row for each of our fields; a heading before those of the SaaS user."""

    suggested = Signal()

    def __init__(self, board: MappingBoard) -> None:
        super().__init__()
        self._board = board
        self.drop: Drop | None = None
        self.fittings: dict[Place, Fitting] = {}
        self.suggestions: dict[Place, Suggestion] = {}
        # A heading has no field.
        self.rows: list[Field | None] = []
        board.changed.connect(self._on_changed)
        board.record_changed.connect(self.repaint_all)
        board.report_changed.connect(self.repaint_all)
        self.rows = self._wanted_rows()

    def place_at(self, row: int) -> Place | None:
        """The place in a row; None at a heading."""
        target = self.rows[row] if 0 <= row < len(self.rows) else None
        return None if target is None else Place.of(target)

    def row_of(self, place: Place) -> int:
        """Where a place stands; -1 if nowhere."""
        return next(
            (row for row, target in enumerate(self.rows) if target is not None and Place.of(target) == place), -1
        )

    def show_drop(self, drop: Drop | None, fittings: dict[Place, Fitting] | None = None) -> None:
        """Show what a source that is carried would do."""
        before, self.drop = self.drop, drop
        if fittings is not None or drop is None or before is None:
            self.fittings = fittings or {}
            self.repaint_all()
            return
        # On its way over the fields it changes the row that it leaves and the one that it comes to.
        for place in (before.place, drop.place):
            row = -1 if place is None else self.row_of(place)
            if row >= 0:
                self.dataChanged.emit(self.index(row, TARGET), self.index(row, PREVIEW))

    def show_suggestions(self, suggestions: list[Suggestion]) -> None:
        """Show what smart mapping proposes, until it is taken or dismissed."""
        self.suggestions = {Place(each.object, each.target): each for each in suggestions}
        self.suggested.emit()
        self.repaint_all()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else 5

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()] is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == SOURCE else flags

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        target = self.rows[index.row()]
        if target is None:
            heading = self.tr("SaaS user fields")
            return heading if role in (_DISPLAY, _ACCESSIBLE) and index.column() == TARGET else None
        if role == _DISPLAY:
            return visible_text(self.text(target, index.column()))
        if role == _ACCESSIBLE:
            spoken = self._spoken(target) if index.column() == TARGET else self.text(target, index.column())
            return visible_text(spoken)
        if role == _TOOL_TIP:
            return escaped_tip(self._tip(target, index.column()))
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        place = self.place_at(index.row())
        if place is None or role != int(Qt.ItemDataRole.EditRole) or index.column() != SOURCE:
            return False
        take_text(self._board, place, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Horizontal and role in (_DISPLAY, _ACCESSIBLE):
            titles = (
                self.tr("Target"),
                self.tr("Sync key"),
                self.tr("Source"),
                self.tr("Transform"),
                self.tr("Preview"),
            )
            return titles[section]
        return None

    def text(self, target: Field, column: int) -> str:
        """What stands in a cell, as words."""
        place = Place.of(target)
        row = self._board.row_of(place)
        match column:
            case 0:
                return target.label
            case 1:
                return "" if row is None or row.sync_key is None else self.tr("Sync key {0}").format(row.sync_key)
            case 2:
                return source_in_words(self._board, row)
            case 3:
                return "" if row is None else ", ".join(row.transform)
            case _:
                return self.preview_text(place)[0]

    def preview_text(self, place: Place) -> tuple[str, str]:
        """What the sample record gives here, and its tone."""
        problem = self._board.problem_at(place)
        cell = self._board.cell_of(place)
        if self._board.row_of(place) is None:
            is_required = problem is not None and problem.severity is Severity.BLOCKER
            return (self.tr("required"), "warn") if is_required else ("", "muted")
        failed, records = self._board.failures_of(place)
        if failed:
            return self.tr("{0} of {1} fail").format(f"{failed:,}", f"{records:,}"), "error"
        if cell is None:
            return "", "muted"
        if cell.problem:
            return cell.problem, "error"
        if cell.value is None:
            return self.tr("empty"), "muted"
        return f"“{cell.value}”", "text"

    def is_required(self, target: Field) -> bool:
        """Whether the integration cannot be launched without it."""
        return target.external_id in MANDATORY_TARGETS.get(target.object, ())

    def repaint_all(self) -> None:
        """Ask for every cell again."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, PREVIEW))

    def _spoken(self, target: Field) -> str:
        parts = [target.label, type_in_words(target.type, target.label)]
        if self.is_required(target):
            parts.append(self.tr("required"))
        if target.unique:
            parts.append(self.tr("unique"))
        row = self._board.row_of(Place.of(target))
        if row is None:
            parts.append(self.tr("not mapped"))
        else:
            parts.append(self.tr("from {0}").format(source_in_words(self._board, row)))
            if row.sync_key is not None:
                parts.append(self.tr("sync key {0}").format(row.sync_key))
            if row.policy is not Policy.ALWAYS:
                parts.append(self.tr("written {0}").format(policies_in_words()[row.policy].lower()))
        problem = self._board.problem_at(Place.of(target))
        if problem is not None:
            parts.append(problem.message)
        return ", ".join(parts)

    def _tip(self, target: Field, column: int) -> str:
        place = Place.of(target)
        fitting = self.fittings.get(place)
        if self.drop is not None and fitting is not None:
            return fitting.reason
        if column == PREVIEW:
            return self.preview_text(place)[0]
        if column == TRANSFORM:
            row = self._board.row_of(place)
            if row is None:
                return ""
            written = self.tr("Written: {0}").format(policies_in_words()[row.policy])
            return "\n".join([*row.transform, written])
        problem = self._board.problem_at(place)
        lines = [f"{target.label} ({target.external_id})", target.help, problem.message if problem else ""]
        return "\n".join(line for line in lines if line)

    def _wanted_rows(self) -> list[Field | None]:
        main = [target for target in self._board.targets if target.object is not ObjectKind.SAAS_USERS]
        accounts = [target for target in self._board.targets if target.object is ObjectKind.SAAS_USERS]
        main.sort(key=lambda target: not self.is_required(target))
        return [*main, None, *accounts] if accounts else [*main]

    def _on_changed(self) -> None:
        wanted = self._wanted_rows()
        if wanted != self.rows:
            self.beginResetModel()
            self.rows = wanted
            self.endResetModel()
        else:
            self.repaint_all()


def source_in_words(board: MappingBoard, row: MapRow | None) -> str:
    """What a line takes: a source by its label, a constant in quotes."""
    if row is None:
        return ""
    return f"“{row.value}”" if row.source is None else board.source_label(row.source)


def take_text(board: MappingBoard, place: Place, text: str) -> None:
    """Do what somebody typed or chose in a Source cell: a source, a path, a template, a constant in quotes, nothing."""
    text = text.strip()
    wanted = text.casefold()
    if not text:
        board.unmap(place)
        return
    found = next((item for item in board.sources if wanted in (item.id.casefold(), item.label.casefold())), None)
    if found is not None:
        board.map(place, found.id)
    elif is_quoted(text):
        board.use_constant(place, text[1:-1])
    elif any(sign in text for sign in "{}[") or ("." in text and " " not in text and "@" not in text):
        board.map(place, text)
    else:
        board.use_constant(place, text)


def is_quoted(text: str) -> bool:
    """Whether a text stands in quotes, straight or curly: a constant."""
    return len(text) >= 2 and (text[0], text[-1]) in (('"', '"'), ("“", "”"))
