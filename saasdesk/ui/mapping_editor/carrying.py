"""Drag and drop between the panes, both ways, with the mouse alone: no nested event loop, so Escape always works."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from saasdesk.connectors import FieldType
from saasdesk.mapping.editing import Place
from saasdesk.mapping.fitting import Fit, Fitting, fitting_of
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.link_gutter import LinkGutter
from saasdesk.ui.mapping_editor.painting import BADGE_WIDTH, paint_badge, paint_words
from saasdesk.ui.mapping_editor.pane import PaneTable
from saasdesk.ui.mapping_editor.source_pane import SourceTable
from saasdesk.ui.mapping_editor.target_model import TARGET, Drop
from saasdesk.ui.mapping_editor.target_pane import TargetTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box

_AUTOSCROLL_MILLISECONDS = 16
_AUTOSCROLL_ZONE = 32
_SLOWEST, _FASTEST = 120, 1_200
_CHIP_WIDTH = 260


class Chip(QWidget):
    """What is carried, beside the mouse: badge, name, first sample."""

    def __init__(self, theme: Theme, board: MappingBoard, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._board = theme, board
        self._sources: list[str] = []
        self._place: Place | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def carry(self, sources: list[str], place: Place | None) -> None:
        """Show these sources, or this field."""
        self._sources, self._place = sources, place
        self.resize(self.sizeHint())
        self.raise_()
        self.show()

    def sizeHint(self) -> QSize:
        theme = self._theme
        name, sample = self._words()
        width = QFontMetrics(theme.font("strong")).horizontalAdvance(name) + theme.px(BADGE_WIDTH + 8 + 16)
        if sample:
            width += QFontMetrics(theme.font("secondary")).horizontalAdvance(sample) + theme.px(10)
        return QSize(min(width, theme.px(_CHIP_WIDTH)), theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        draw_box(
            painter,
            area_of(self),
            theme.measure("radius"),
            theme.color("raised"),
            theme.color("accent"),
            edge_width=theme.measure("focus"),
        )
        inside = self.rect().adjusted(theme.px(8), 0, -theme.px(8), 0)
        kind, label = self._kind()
        paint_badge(painter, theme, inside, kind, label)
        name, sample = self._words()
        words = inside.adjusted(theme.px(BADGE_WIDTH + 8), 0, 0, 0)
        width = paint_words(painter, words, name, theme.font("strong"), theme)
        rest = words.adjusted(width + theme.px(8), 0, 0, 0)
        if rest.width() > theme.px(24):
            paint_words(painter, rest, sample, theme.font("secondary"), theme, "muted")

    def _words(self) -> tuple[str, str]:
        if self._place is not None:
            field = self._board.field_at(self._place)
            return (field.label if field is not None else self._place.target), ""
        if not self._sources:
            return "", ""
        name = self._board.source_label(self._sources[0])
        if len(self._sources) > 1:
            return self.tr("{0} and {1} more").format(name, len(self._sources) - 1), ""
        sample = self._board.value_in_record(self._sources[0])
        return name, f"“{sample}”" if sample else ""

    def _kind(self) -> tuple[FieldType, str]:
        field = None if self._place is None else self._board.field_at(self._place)
        item = self._board.find_source(self._sources[0]) if self._sources else None
        known = field or item
        return (FieldType.SHORT_TEXT, "") if known is None else (known.type, known.label)


class Carrying(QObject):
    """Follows the mouse over both panes and the gutter while something is carried.

    `dropped` says which sources came down on which field, `rerouted` which link moved from one field to another,
    `unlinked` which was let go over nothing, `dropped_on_new` which source wants a field of its own.
    """

    dropped = Signal(list, object)
    rerouted = Signal(object, object)
    unlinked = Signal(object)
    dropped_on_new = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        theme: Theme,
        board: MappingBoard,
        sources: SourceTable,
        targets: TargetTable,
        gutter: LinkGutter,
        new_field: QWidget,
        editor: QWidget,
    ) -> None:
        super().__init__(editor)
        self._theme, self._board = theme, board
        self._sources, self._targets, self._gutter, self._new_field = sources, targets, gutter, new_field
        self.chip = Chip(theme, board, editor)
        self._pressed: tuple[QWidget, QPoint] | None = None
        self._carried: list[str] = []
        # A field that looks for its source, and the link that is moved.
        self._looking: Place | None = None
        self._moved: Place | None = None
        self._mouse = QPoint()
        self._timer = QTimer(self)
        self._timer.setInterval(_AUTOSCROLL_MILLISECONDS)
        self._timer.timeout.connect(self._autoscroll)
        for widget in (sources.viewport(), targets.viewport(), gutter, sources, targets):
            widget.installEventFilter(self)

    @property
    def is_carrying(self) -> bool:
        """Whether something hangs on the mouse."""
        return bool(self._carried) or self._looking is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            is_escape = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape
            if is_escape and self.is_carrying:
                self.cancel()
                return True
            return False
        if not isinstance(event, QMouseEvent) or not isinstance(watched, QWidget):
            return False
        position = event.globalPosition().toPoint()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed = (watched, position)
            case QEvent.Type.MouseMove if event.buttons() & Qt.MouseButton.LeftButton:
                return self._on_move(position)
            case QEvent.Type.MouseButtonRelease:
                was_carrying = self.is_carrying
                if was_carrying:
                    self._mouse = position
                    self._drop()
                self._pressed = None
                return was_carrying
            case _:
                pass
        return False

    def cancel(self) -> None:
        """Put everything back."""
        self._end()
        self._pressed = None
        self.said.emit(self.tr("Nothing was changed."))

    # Beginning

    def _on_move(self, position: QPoint) -> bool:
        self._mouse = position
        if not self.is_carrying:
            if self._pressed is None:
                return False
            far = (position - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
            if not far or not self._begin():
                # Rows are not selected by sweeping over them: a sweep is a drag.
                return self._pressed[0] is self._sources.viewport()
        self._follow()
        return True

    def _begin(self) -> bool:
        if self._pressed is None:
            return False
        widget, start = self._pressed
        local = widget.mapFromGlobal(start)
        if widget is self._sources.viewport():
            index = self._sources.indexAt(local)
            if not index.isValid():
                return False
            source = self._sources.source_at(index.row())
            selected = self._sources.selected_sources()
            self._carried = selected if source in selected else [source]
        elif widget is self._targets.viewport():
            index = self._targets.indexAt(local)
            place = self._targets.model_of_targets.place_at(index.row()) if index.isValid() else None
            if place is None or index.column() != TARGET:
                return False
            self._looking = place
        elif widget is self._gutter:
            grabbed = self._gutter.end_at(QPointF(local))
            if grabbed is None:
                return False
            link, end = grabbed
            self._moved = link.place
            if end == "target":
                self._carried = [link.source]
            else:
                self._looking = link.place
        self.chip.carry(self._carried, self._looking)
        self._timer.start()
        self._targets.model_of_targets.show_drop(
            Drop(self._carried[0]) if self._carried else None, self._fittings() if self._carried else {}
        )
        return True

    def _fittings(self) -> dict[Place, Fitting]:
        item = self._board.find_source(self._carried[0])
        if item is None:
            return {}
        return {Place.of(t): fitting_of(item.type, t.type, unique=t.unique) for t in self._board.targets}

    # On the way

    def _follow(self) -> None:
        editor = self.chip.parentWidget()
        if editor is not None:
            corner = editor.mapFromGlobal(self._mouse) + QPoint(self._theme.px(14), self._theme.px(10))
            most = QRect(QPoint(0, 0), editor.size() - self.chip.size())
            self.chip.move(min(corner.x(), most.right()), min(corner.y(), most.bottom()))
        mouse = QPointF(self._gutter.mapFromGlobal(self._mouse))
        if self._looking is not None:
            self._gutter.show_carried(mouse, self._gutter.target_point(self._looking))
            self._say_source()
            return
        place = self._place_under()
        end = self._gutter.target_point(place) if place is not None else None
        self._gutter.show_carried(self._gutter.source_point(self._carried[0]), end or mouse)
        model = self._targets.model_of_targets
        fitting = model.fittings.get(place) if place is not None else None
        if model.drop is None or model.drop.place != place:
            model.show_drop(Drop(self._carried[0], place, fitting), None if model.fittings else self._fittings())
            self._say_target(place, fitting)

    def _say_target(self, place: Place | None, fitting: Fitting | None) -> None:
        name = self._board.source_label(self._carried[0])
        field = None if place is None else self._board.field_at(place)
        if field is None or fitting is None:
            self.said.emit(self.tr("Carrying {0}: let go over a field, Esc to cancel").format(name))
        elif fitting.fit is Fit.IMPOSSIBLE:
            self.said.emit(self.tr("{0} over {1}: {2}").format(name, field.label, fitting.reason))
        else:
            self.said.emit(self.tr("{0} over {1}: let go to map, Esc to cancel").format(name, field.label))

    def _say_source(self) -> None:
        source = self._source_under()
        field = self._board.field_at(self._looking) if self._looking is not None else None
        label = field.label if field is not None else ""
        if source:
            name = self._board.source_label(source)
            self.said.emit(self.tr("{0} over {1}: let go to map, Esc to cancel").format(label, name))
        else:
            self.said.emit(self.tr("Carrying {0}: let go over a source, Esc to cancel").format(label))

    def _place_under(self) -> Place | None:
        viewport = self._targets.viewport()
        local = viewport.mapFromGlobal(self._mouse)
        if not viewport.rect().contains(local):
            return None
        row = self._targets.rowAt(local.y())
        return self._targets.model_of_targets.place_at(row) if row >= 0 else None

    def _source_under(self) -> str:
        viewport = self._sources.viewport()
        local = viewport.mapFromGlobal(self._mouse)
        row = self._sources.rowAt(local.y()) if viewport.rect().contains(local) else -1
        return self._sources.source_at(row) if row >= 0 else ""

    def _autoscroll(self) -> None:
        """Near an edge the pane moves on by itself, the faster the nearer; beside the panes too."""
        table: PaneTable = self._targets if self._carried else self._sources
        viewport = table.viewport()
        y = viewport.mapFromGlobal(self._mouse).y()
        zone = self._theme.px(_AUTOSCROLL_ZONE)
        depth = zone - y if y < zone else zone - (viewport.height() - y)
        if depth <= 0:
            return
        speed = _SLOWEST + (_FASTEST - _SLOWEST) * min(1.0, depth / zone)
        step = round(speed * _AUTOSCROLL_MILLISECONDS / 1000)
        bar = table.verticalScrollBar()
        bar.setValue(bar.value() + (-step if y < zone else step))
        self._follow()

    # Letting go

    def _drop(self) -> None:
        carried, looking, moved = self._carried, self._looking, self._moved
        place, source = self._place_under(), self._source_under()
        is_over_new = self._new_field.isVisible() and self._new_field.rect().contains(
            self._new_field.mapFromGlobal(self._mouse)
        )
        fitting = self._targets.model_of_targets.fittings.get(place) if place is not None else None
        self._end()
        if looking is not None:
            if source:
                self.dropped.emit([source], looking)
            elif moved is not None:
                self.unlinked.emit(moved)
        elif is_over_new and carried:
            self.dropped_on_new.emit(carried[0])
        elif place is None:
            if moved is not None:
                self.unlinked.emit(moved)
        elif fitting is not None and fitting.fit is Fit.IMPOSSIBLE:
            self.said.emit(self.tr("Not mapped: {0}.").format(fitting.reason))
        elif moved is not None:
            self.rerouted.emit(moved, place)
        else:
            self.dropped.emit(carried, place)

    def _end(self) -> None:
        self._timer.stop()
        self._carried, self._looking, self._moved = [], None, None
        self.chip.hide()
        self._gutter.show_carried(None, None)
        self._targets.model_of_targets.show_drop(None)
