"""The right pane: our fields as a real table, each with its source, key, steps and what the sample record gives."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import MapRow, Policy
from saasdesk.mapping.editing import Place
from saasdesk.mapping.fitting import Fit, Fitting
from saasdesk.mapping.mapping import MANDATORY_TARGETS
from saasdesk.mapping.problems import Severity
from saasdesk.mapping.smart import Suggestion
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.painting import SIDE, paint_badge, paint_ground, paint_words, type_in_words
from saasdesk.ui.mapping_editor.pane import Index, PaneTable
from saasdesk.ui.mapping_editor.policies import policies_in_words, policy_in_short
from saasdesk.ui.mapping_editor.source_combo import SourceCombo
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.tag import paint_tag, tag_size

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
TARGET, KEY, SOURCE, TRANSFORM, PREVIEW = range(5)
_WIDE_ENOUGH = 620


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


class TargetDelegate(QStyledItemDelegate):
    """Paints a target: badge and label, key, source in a box, steps, preview."""

    def __init__(self, theme: Theme, table: "TargetTable", board: MappingBoard) -> None:
        super().__init__(table)
        self._theme, self._table, self._board = theme, table, board
        self._editor: SourceCombo | None = None

    # Editing the source

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        place = self._table.model_of_targets.place_at(index.row())
        target = None if place is None else self._board.field_at(place)
        combo = SourceCombo(self._theme, self._board, target, parent)
        combo.chosen.connect(self._on_chosen)
        self._editor = combo
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, SourceCombo):
            editor.begin(str(index.data() or ""))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, SourceCombo) and editor.was_changed:
            model.setData(index, editor.text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(self._box(option.rect))

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self._editor = None
        super().destroyEditor(editor, index)

    def _on_chosen(self) -> None:
        # Enter reaches us by the list and by Qt's own way: the second one finds nothing to do.
        editor, self._editor = self._editor, None
        if editor is not None:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area, column = self._theme, option.rect, index.column()
        model = self._table.model_of_targets
        target = model.rows[index.row()]
        painter.save()
        if target is None:
            painter.fillRect(area, theme.color("surface"))
            if column == TARGET:
                words = str(index.data())
                paint_words(
                    painter,
                    area.adjusted(theme.px(SIDE), 0, theme.px(200), 0),
                    words,
                    theme.font("heading"),
                    theme,
                    "muted",
                )
            painter.restore()
            return
        place = Place.of(target)
        fitting = model.fittings.get(place) if model.drop is not None else None
        is_impossible = fitting is not None and fitting.fit is Fit.IMPOSSIBLE
        is_over = model.drop is not None and model.drop.place == place
        row = self._board.row_of(place)
        is_lacking = row is None and model.is_required(target)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        tint = "accent" if is_over and not is_impossible else "warn" if is_lacking else ""
        paint_ground(
            painter,
            theme,
            area,
            is_current=is_current and not tint,
            has_bar=column == TARGET and (is_current or bool(tint)),
            tint=tint,
        )
        if is_impossible:
            painter.setOpacity(0.45)
        inside = area.adjusted(theme.px(SIDE), 0, -theme.px(6), 0)
        match column:
            case 0:
                self._paint_target(painter, inside, target, required=model.is_required(target))
            case 1:
                self._paint_key(painter, inside, target, row)
            case 2:
                self._paint_source(painter, area, target, row, fitting, is_over=is_over)
            case 3 if not (is_over or is_impossible):
                self._paint_steps(painter, inside, row)
            case 4:
                self._paint_preview(painter, inside, place)
                if fitting is not None and (is_over or is_impossible):
                    self._paint_over_row(painter, option, row, fitting, is_over=is_over)
            case _:
                pass
        painter.restore()

    def _paint_target(self, painter: QPainter, inside: QRect, target: Field, *, required: bool) -> None:
        theme = self._theme
        paint_badge(painter, theme, inside, target.type, target.label)
        words = inside.adjusted(theme.px(38), 0, 0, 0)
        width = paint_words(painter, words, target.label, theme.font("strong"), theme)
        if required:
            paint_words(
                painter,
                words.adjusted(width + theme.px(4), 0, theme.px(12), 0),
                "*",
                theme.font("strong"),
                theme,
                "error",
            )

    def _paint_key(self, painter: QPainter, inside: QRect, target: Field, row: MapRow | None) -> None:
        theme = self._theme
        if row is not None and row.sync_key is not None:
            size = tag_size(theme, str(row.sync_key), "key")
            area = QRect(inside.left(), inside.center().y() - size.height() // 2 + 1, size.width(), size.height())
            paint_tag(painter, theme, area, str(row.sync_key), "accent", icon="key")
        elif target.unique:
            paint_words(painter, inside, self._table.tr("Unique"), theme.font("secondary"), theme, "muted")

    def _box(self, area: QRect) -> QRect:
        theme = self._theme
        height = theme.measure("control")
        return QRect(
            area.left() + theme.px(4), area.center().y() - height // 2 + 1, area.width() - theme.px(12), height
        )

    def _paint_source(
        self,
        painter: QPainter,
        area: QRect,
        target: Field,
        row: MapRow | None,
        fitting: Fitting | None,
        *,
        is_over: bool,
    ) -> None:
        theme, model = self._theme, self._table.model_of_targets
        place = Place.of(target)
        box = self._box(area)
        inside = box.adjusted(theme.px(8), 0, -theme.px(26), 0)
        if fitting is not None and (is_over or fitting.fit is Fit.IMPOSSIBLE):
            # The words need more room than this cell has: they come with the last cell of the row.
            return
        suggestion = model.suggestions.get(place)
        is_broken = self._board.is_broken(place)
        edge, text, tone, dashed = "border", source_in_words(self._board, row), "text", False
        if is_broken:
            edge, tone = "error", "error"
        elif row is None and suggestion is not None:
            name = self._board.source_label(suggestion.source)
            edge, text, tone, dashed = "border", self._table.tr("{0} — suggested").format(name), "muted", True
        elif row is None:
            is_lacking = model.is_required(target)
            edge, tone = ("warn" if is_lacking else "line-strong"), "muted"
            text = self._invitation(target, required=is_lacking)
        draw_box(
            painter,
            QRectF(box),
            theme.measure("radius"),
            theme.color("bg"),
            theme.color(edge),
            edge_width=theme.edge,
            dashed=dashed,
        )
        if is_broken:
            side = theme.px(16)
            theme.paint_icon(painter, QRect(inside.left(), box.top(), side, box.height()), "broken", "error", 14)
            inside.adjust(side + theme.px(4), 0, 0, 0)
        paint_words(painter, inside, text, theme.font("body"), theme, tone)
        arrow = QRect(box.right() - theme.px(24), box.top(), theme.px(20), box.height())
        theme.paint_icon(painter, arrow, "chevron-down", "muted", 12)

    def _invitation(self, target: Field, *, required: bool) -> str:
        if target.object is ObjectKind.SAAS_USERS and target.builtin:
            return self._table.tr("Filled by {0}").format(self._board.connector.title)
        return self._table.tr("Source or constant…") if required else self._table.tr("Choose a source…")

    def _paint_verdict(self, painter: QPainter, box: QRect, row: MapRow | None, fitting: Fitting) -> None:
        theme, table = self._theme, self._table
        icon, tone, words = "", "muted", fitting.reason
        if fitting.fit is Fit.CONVERTED:
            icon, tone = "warning", "warn"
        elif fitting.fit is Fit.SAME:
            drop = table.tr("Drop to replace") if row is not None else table.tr("Drop to map")
            icon, tone, words = "check", "accent", f"{drop} — {fitting.reason}"
        if icon:
            side = theme.px(16)
            theme.paint_icon(painter, QRect(box.left(), box.top(), side, box.height()), icon, tone, 14)
            box = box.adjusted(side + theme.px(6), 0, 0, 0)
        font = theme.font("strong" if fitting.fit is Fit.SAME else "body")
        paint_words(painter, box, words, font, theme, tone)

    def _paint_steps(self, painter: QPainter, inside: QRect, row: MapRow | None) -> None:
        if row is None:
            return
        theme, left = self._theme, inside.left()
        names = [step.partition(":")[0] for step in row.transform]
        if row.policy is not Policy.ALWAYS:
            names.insert(0, policy_in_short(row.policy))
        shown = names if len(names) <= 2 else [names[0], f"+{len(names) - 1}"]
        for name in shown:
            size = tag_size(theme, name)
            area = QRect(left, inside.center().y() - size.height() // 2 + 1, size.width(), size.height())
            if area.right() > inside.right():
                break
            paint_tag(painter, theme, area, name)
            left = area.right() + theme.px(4)

    def _paint_preview(self, painter: QPainter, inside: QRect, place: Place) -> None:
        theme = self._theme
        text, tone = self._table.model_of_targets.preview_text(place)
        if text and tone in ("warn", "error"):
            side = theme.px(16)
            icon = "warning" if tone == "warn" else "error"
            theme.paint_icon(painter, QRect(inside.left(), inside.top(), side, inside.height()), icon, tone, 14)
            inside = inside.adjusted(side + theme.px(4), 0, 0, 0)
        paint_words(painter, inside, text, theme.font("secondary"), theme, tone)

    def _paint_over_row(
        self, painter: QPainter, option: QStyleOptionViewItem, row: MapRow | None, fitting: Fitting, *, is_over: bool
    ) -> None:
        """While something is carried: what a drop would do, and an outline around the row under the mouse."""
        theme, table = self._theme, self._table
        painter.setClipping(False)
        left, right = table.columnViewportPosition(SOURCE), table.columnViewportPosition(PREVIEW)
        words = QRect(left + theme.px(SIDE), option.rect.top(), right - left - theme.px(SIDE), option.rect.height())
        self._paint_verdict(painter, words, row, fitting)
        if is_over and fitting.fit is not Fit.IMPOSSIBLE:
            token = "accent" if fitting.fit is Fit.SAME else "warn"
            area = QRectF(0, option.rect.top(), option.rect.right(), option.rect.height() - 1)
            draw_box(painter, area, 0, None, theme.color(token), edge_width=theme.measure("focus"))


class TargetTable(PaneTable):
    """Enter drops what is picked, or opens the source; the rest of the keys are the editor's."""

    entered = Signal(object)
    steps_wanted = Signal(object)
    key_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, theme: Theme, board: MappingBoard) -> None:
        super().__init__(theme, "")
        self.setAccessibleName(self.tr("Target fields"))
        self._board = board
        self.model_of_targets = TargetModel(board)
        self.setModel(self.model_of_targets)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(TargetDelegate(theme, self, board))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.model_of_targets.modelReset.connect(self.scrolled)

    def widths(self, room: int) -> list[int]:
        theme = self._theme
        is_narrow = room < theme.px(_WIDE_ENOUGH)
        key, steps = theme.px(84), theme.px(92 if is_narrow else 116)
        rest = max(0, room - key - steps)
        target, source = rest * (38 if is_narrow else 34) // 100, rest * 36 // 100
        return [target, key, source, steps, rest - target - source]

    @property
    def current_place(self) -> Place | None:
        """The field on which the keyboard is."""
        index = self.currentIndex()
        return self.model_of_targets.place_at(index.row()) if index.isValid() else None

    def go_to(self, place: Place) -> None:
        """Put the keyboard on a field, and into sight."""
        row = self.model_of_targets.row_of(place)
        if row >= 0:
            index = self.model_of_targets.index(row, SOURCE)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def edit_source(self, place: Place) -> None:
        """Open the list of sources of a field."""
        self.go_to(place)
        self.edit(self.currentIndex().siblingAtColumn(SOURCE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self.current_place
        is_alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if place is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(place)
        elif place is not None and (is_alt_down or event.key() == Qt.Key.Key_F2):
            self.edit_source(place)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        index = self.currentIndex()
        if index.isValid() and index.column() != TARGET:
            self.setCurrentIndex(index.siblingAtColumn(TARGET))
        super().keyboardSearch(search)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        place = self.model_of_targets.place_at(index.row()) if index.isValid() else None
        if place is None or event.button() != Qt.MouseButton.LeftButton:
            return
        match index.column():
            case 1:
                self.key_wanted.emit(place)
            case 2:
                self.edit_source(place)
            case 3 if self._board.row_of(place) is not None:
                self.steps_wanted.emit(place)

    def _on_menu(self, position: QPoint) -> None:
        index = self.indexAt(position)
        place = self.model_of_targets.place_at(index.row()) if index.isValid() else None
        if place is not None:
            self.setCurrentIndex(index)
            self.menu_wanted.emit(place, self.viewport().mapToGlobal(position))

    def open_menu_here(self) -> None:
        if self.current_place is not None:
            corner = self.visualRect(self.currentIndex()).bottomLeft()
            self.menu_wanted.emit(self.current_place, self.viewport().mapToGlobal(corner))
