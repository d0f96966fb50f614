"""Smart Mapping in the editor: for all fields with a review, for one field, or for one source."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.mapping.editing import Place
from saasdesk.mapping.smart import Band, Choice, Source, Suggestion, suggest
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.smart_review import SmartReview
from saasdesk.ui.mapping_editor.target_pane import TargetTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.plain_label import PlainLabel


def sources_of(board: MappingBoard) -> list[Source]:
    """What can be mapped, with the values of the samples."""
    sources = []
    for item in board.sources:
        sample = board.sample(item.id)
        sources.append(Source(item.id, item.label, item.type, () if sample is None else sample.values))
    return sources


def mapped_in(board: MappingBoard) -> list[Choice]:
    """What is mapped to what."""
    return [Choice(row.source or "", row.object, row.target) for row in board.rows]


class AppliedStrip(QWidget):
    """How many fields Smart Mapping filled, and the way back."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._applied = PlainLabel("", "secondary-strong")
        self.undo = LinkButton(theme, self.tr("Undo"), "undo", inline=True)
        self.review = LinkButton(theme, self.tr("Review"), inline=True)
        row = Row(theme, gap=8)
        for part in (self._applied, self.undo, self.review):
            row.addWidget(part)
        self.setLayout(row)
        self.hide()

    def show_applied(self, count: int) -> None:
        """Say it, until something else is edited."""
        self._applied.set_text(self.tr("{0} mapped").format(count))
        self.show()


class SmartMapping(QObject):
    """Proposes and maps. `mapped` has a source and the place that it fills now; `learned` what was rejected."""

    said = Signal(str)
    mapped = Signal(str, object)
    learned = Signal(list)

    def __init__(
        self,
        theme: Theme,
        board: MappingBoard,
        targets: TargetTable,
        review: SmartReview,
        strip: AppliedStrip,
        rejected: Sequence[Choice],
        past: Sequence[Choice],
    ) -> None:
        super().__init__(review)
        self._theme, self._board, self._targets, self._review, self._strip = theme, board, targets, review, strip
        self._rejected, self._past = list(rejected), list(past)
        self._applied_step = -1
        review.applied.connect(self._apply_review)
        review.dismissed.connect(self._end_review)
        strip.undo.clicked.connect(board.undo_stack.undo)
        strip.review.clicked.connect(self._review_again)

    def find_matches(self) -> None:
        """Propose a source for every field that has none."""
        board = self._board
        others = [known.title for known in CONNECTORS.values()]
        found = suggest(
            sources_of(board),
            board.targets,
            vendor=board.connector.vendor_name,
            other_vendors=others,
            mapped=mapped_in(board),
            rejected=self._rejected,
            past=self._past,
        )
        if not found:
            self.said.emit(self.tr("Smart Mapping found nothing more to map."))
            return
        self._targets.model_of_targets.show_suggestions([each for each in found if each.band is not Band.WEAK])
        self._review.offer(found)
        self.place_review()

    def map_source_best(self, source: str) -> None:
        """Fill the field without a source that this one fits best."""
        board = self._board
        chosen = [known for known in sources_of(board) if known.id == source]
        mapped = [choice for choice in mapped_in(board) if choice.source != source]
        found = suggest(chosen, board.targets, vendor=board.connector.vendor_name, mapped=mapped, past=self._past)
        found = [each for each in found if board.row_of(Place(each.object, each.target)) is None]
        if found:
            place = Place(found[0].object, found[0].target)
            board.map(place, source)
            self.mapped.emit(source, place)
        else:
            self.said.emit(self.tr("No open field resembles {0}.").format(board.source_label(source)))

    def map_best(self, place: Place | None) -> None:
        """The best source for the field on which the keyboard is."""
        board = self._board
        field = None if place is None else board.field_at(place)
        if place is None or field is None:
            return
        found = suggest(sources_of(board), [field], vendor=board.connector.vendor_name, past=self._past)
        if found:
            board.map(place, found[0].source)
            self.said.emit(f"{board.source_label(found[0].source)}: {found[0].reason}")
        else:
            self.said.emit(self.tr("Nothing resembles {0}.").format(field.label))

    def _apply_review(self, chosen: list[Suggestion], unticked: list[Suggestion]) -> None:
        pairs = [(Place(each.object, each.target), each.source) for each in chosen]
        self._board.map_all(pairs, self.tr("Smart Mapping of {0} fields").format(len(pairs)))
        if unticked:
            learned = [Choice(each.source, each.object, each.target) for each in unticked]
            self._rejected += learned
            self.learned.emit(learned)
        self._end_review()
        self._note_applied(len(pairs))
        self.said.emit(self.tr("{0} mapped. Ctrl+Z undoes all of them.").format(len(pairs)))

    def _note_applied(self, count: int) -> None:
        """How many were mapped, with the way back, until something else is edited."""
        self._applied_step = self._board.undo_stack.index()
        self._strip.show_applied(count)

    def forget_applied(self) -> None:
        """Something else was edited: the way back is that of every edit."""
        if self._board.undo_stack.index() != self._applied_step:
            self._strip.hide()

    def _review_again(self) -> None:
        self._board.undo_stack.undo()
        self.find_matches()

    def _end_review(self) -> None:
        self._targets.model_of_targets.show_suggestions([])
        self._targets.setFocus(Qt.FocusReason.OtherFocusReason)

    def place_review(self) -> None:
        """Put the review into the lower corner of the fields."""
        if not self._review.isHidden():
            self._review.resize(self._review.sizeHint())
            around = cast("QWidget", self._review.parentWidget())
            corner = self._targets.mapTo(around, QPoint(self._targets.width(), self._targets.height()))
            self._review.move(corner.x() - self._review.width() - self._theme.px(8), corner.y() - self._review.height())
