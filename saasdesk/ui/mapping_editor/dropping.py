"""What becomes of sources that are let go over a field: by mouse, or picked and dropped by keyboard."""

from typing import cast

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.mapping.editing import Place
from saasdesk.mapping.fitting import Fit, fitting_of
from saasdesk.mapping.smart import Band, suggest
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.drop_bar import DropBar
from saasdesk.ui.mapping_editor.smart_mapping import mapped_in, sources_of
from saasdesk.ui.mapping_editor.target_pane import TargetTable
from saasdesk.ui.theme import Theme


class Dropping(QObject):
    """Maps what is dropped. Over a field that is filled already, the bar asks what is meant."""

    said = Signal(str)

    def __init__(self, theme: Theme, board: MappingBoard, targets: TargetTable, bar: DropBar) -> None:
        super().__init__(bar)
        self._theme, self._board, self._targets, self._bar = theme, board, targets, bar
        # What waits for the answer.
        self._dropping: tuple[list[str], Place] | None = None
        bar.replaced.connect(self._replace)
        bar.combined.connect(self._combine)
        bar.left.connect(self._leave)

    def drop(self, sources: list[str], place: Place) -> None:
        """Fill the field, or ask first where something fills it already."""
        board = self._board
        field = board.field_at(place)
        if field is None:
            return
        if len(sources) > 1:
            self._drop_several(sources, place)
            return
        item = board.find_source(sources[0])
        fitting = fitting_of(item.type, field.type) if item is not None else None
        if fitting is not None and fitting.fit is Fit.IMPOSSIBLE:
            self.said.emit(self.tr("Not mapped: {0}.").format(fitting.reason))
            return
        row = board.row_of(place)
        self._targets.go_to(place)
        if row is not None and row.source != sources[0]:
            self._dropping = (sources, place)
            self._ask_to_replace(place)
            return
        board.map(place, sources[0])
        self.say_mapped(sources[0], place)

    def _drop_several(self, sources: list[str], place: Place) -> None:
        """Each goes to the field whose name fits it best; what fits none goes where it was let go."""
        board = self._board
        chosen = [source for source in sources_of(board) if source.id in sources]
        found = suggest(chosen, board.targets, vendor=board.connector.vendor_name, mapped=mapped_in(board))
        pairs = [(Place(each.object, each.target), each.source) for each in found if each.band is not Band.WEAK]
        if not any(at == place for at, _ in pairs) and board.row_of(place) is None:
            rest = [source for source in sources if source not in {known for _, known in pairs}]
            pairs += [(place, rest[0])] if rest else []
        board.map_all(pairs, self.tr("Map {0} fields").format(len(pairs)))
        self.said.emit(self.tr("{0} of {1} mapped.").format(len(pairs), len(sources)))

    def _ask_to_replace(self, place: Place) -> None:
        if self._dropping is None:
            return
        board = self._board
        row, field = board.row_of(place), board.field_at(place)
        if row is None or field is None:
            return
        before = f"“{row.value}”" if row.source is None else board.source_label(row.source)
        words = self.tr("{0} is filled from {1}.").format(field.label, before)
        self._bar.combine.setVisible(row.source is not None and field.type.is_text)
        viewport, around = self._targets.viewport(), cast("QWidget", self._bar.parentWidget())
        middle = self._targets.row_middle(self._targets.model_of_targets.row_of(place))
        below = viewport.mapTo(around, QPoint(viewport.width(), middle + self._theme.measure("row") // 2))
        room = around.height() - self._bar.sizeHint().height()
        self._bar.ask(words, QPoint(below.x(), min(below.y(), room)), viewport.width())
        self.said.emit(words + " " + self.tr("Enter replaces, Esc leaves it."))

    def _replace(self) -> None:
        if self._dropping is not None:
            (source, *_), place = self._dropping
            self._board.map(place, source)
            self.say_mapped(source, place)
        self._leave()

    def _combine(self) -> None:
        """Both values in a row, as a template that can be changed afterwards."""
        if self._dropping is not None:
            (source, *_), place = self._dropping
            row = self._board.row_of(place)
            if row is not None and row.source is not None:
                self._board.combine(place, f"{self._as_template(row.source)} {self._as_template(source)}")
                words = self.tr("{0} is added to what fills {1}.")
                self.said.emit(words.format(self._board.source_label(source), self._board.label_at(place)))
        self._leave()

    def _as_template(self, source: str) -> str:
        if "{{" in source:
            return source
        known = self._board.connector.find_field(source)
        path = known.path if known is not None and known.path else source
        # Where one of the two is empty the other still counts.
        return f"{{{{ {path if path.startswith('response') else f'response.{path}'} | default('') }}}}"

    def _leave(self) -> None:
        self._dropping = None
        self._targets.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_mapped(self, source: str, place: Place) -> None:
        """Tell it to those who do not see it."""
        self.said.emit(
            self.tr("{0} fills {1} now.").format(self._board.source_label(source), self._board.label_at(place))
        )
