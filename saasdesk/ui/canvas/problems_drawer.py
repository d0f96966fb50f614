"""Under the canvas: what keeps the workflow from being launched, with a press that mends it where one step does."""

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.errors import UserError
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.quick_add import QuickAdd
from saasdesk.ui.canvas.verbs import CanvasVerbs
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.problem_list import ProblemLine, ProblemList
from saasdesk.workflows import editing
from saasdesk.workflows.graph import Link, WorkflowDocument
from saasdesk.workflows.validation import Problem

# QWIDGETSIZE_MAX, which the binding does not have.
_ANY_HEIGHT = (1 << 24) - 1


class ProblemsDrawer(QWidget):
    """Lists the problems of the model; `walk` is what F8 does."""

    put_away = Signal()

    def __init__(self, model: WorkflowModel, theme: Theme) -> None:
        super().__init__()
        self._model, self._theme = model, theme
        self._verbs = CanvasVerbs(model)
        self._shown: tuple[Problem, ...] = ()
        self._adding: QuickAdd | None = None
        self.setAccessibleName(self.tr("Problems"))
        self._list = ProblemList(theme, self.tr("None: this workflow can be launched."), is_pane=True)
        column = Column(theme, gap=0)
        column.addWidget(self._list)
        self.setLayout(column)
        self._list.chosen.connect(self._choose)
        self._list.mend.connect(self._mend)
        self._list.put_away.connect(self.put_away)
        model.problems_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is wrong now, what blocks first."""
        self._shown = tuple(sorted(self._model.problems, key=lambda problem: not problem.is_error))
        self._list.show_lines([self._line(problem) for problem in self._shown])
        self._make_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return super().event(event)

    def walk(self, by: int) -> None:
        """Go to the next problem, or the one before."""
        if not self._shown:
            self._model.announce(self.tr("Nothing is wrong."))
        self._list.walk(by)

    def _make_room(self) -> None:
        # With nothing to list it is its heading, and the canvas has the rest.
        self.setMaximumHeight(_ANY_HEIGHT if self._shown else self.sizeHint().height())

    def _line(self, problem: Problem) -> ProblemLine:
        place = "" if problem.block is None else visible_text(self._verbs.title(problem.block))
        return ProblemLine(visible_text(problem.message), problem.is_error, place, self._fix_in_words(problem))

    def _fix_in_words(self, problem: Problem) -> str:
        return {
            "add_begin": self.tr("Add Begin"),
            "add_end": self.tr("Add End"),
            "remove_block": self.tr("Delete the block"),
            "remove_link": self.tr("Delete the wire"),
            "connect_from": self.tr("Connect…"),
            "connect_outlet": self.tr("Connect…"),
            "choose_preset": self.tr("Choose a preset…"),
            "choose_credential": self.tr("Choose a credential…"),
            "fill_in": self.tr("Fill it in…"),
            "remove_setting": self.tr("Take it out"),
        }.get(problem.fix, "")

    def _choose(self, number: int) -> None:
        problem = self._shown[number]
        if problem.block is not None:
            self._model.select([problem.block])
        self._model.announce(problem.message)

    def _mend(self, number: int) -> None:
        problem = self._shown[number]
        block = problem.block
        match problem.fix:
            case "add_begin" | "add_end":
                self._add_missing(problem.fix.removeprefix("add_"))
            case "remove_block" if block is not None:
                self._verbs.delete([block])
            case "remove_link":
                self._remove_links(problem)
            case "connect_outlet" if block is not None:
                self._model.select([block])
                self._over().offer_targets(self._beside(), block, (problem.subject,))
            case "connect_from" if block is not None:
                self._model.select([block])
                self._over().offer_sources(self._beside(), block)
            case "remove_setting" if block is not None:
                self._remove_setting(block, problem.subject)
            case _ if block is not None:
                # Preset, credential, whatever is empty: the form of the block is the place.
                self._model.select([block])
                self._model.inspector_wanted.emit()
            case _:
                self._choose(number)

    def _add_missing(self, kind: str) -> None:
        document, _added = editing.add_block(self._model.document, kind)
        self._model.edit(self.tr("Add {0}").format(kind.capitalize()), document)
        self._model.announce(self.tr("{0} added. Connect it.").format(kind.capitalize()))

    def _remove_links(self, problem: Problem) -> None:
        document = self._model.document
        wrong = [link for link in document.links if _is_meant(link, problem, document)]
        for link in wrong:
            document = editing.disconnect(document, link)
        self._model.edit(self.tr("Delete a wire") if len(wrong) == 1 else self.tr("Delete wires"), document)
        self._model.announce(self.tr("The wire is gone."))

    def _remove_setting(self, block_id: str, key: str) -> None:
        block = self._model.document.block(block_id)
        if block is None:
            return
        settings = {name: value for name, value in block.settings.items() if name != key}
        try:
            self._model.edit(
                self.tr("Change {0}").format(self._verbs.title(block_id)),
                editing.with_settings(self._model.document, block_id, settings),
            )
        except UserError as problem:
            self._model.refuse(str(problem))

    def _over(self) -> QuickAdd:
        if self._adding is None:
            self._adding = QuickAdd(self._theme, self._model, self.window(), self)
        return self._adding

    def _beside(self) -> QPoint:
        # The list grows upwards from the drawer: it would have no room below.
        return self.mapTo(self.window(), QPoint(self.width() - self._theme.px(400), -self._theme.px(360)))


def _is_meant(link: Link, problem: Problem, document: WorkflowDocument) -> bool:
    """Whether a problem is about this wire: it leaves by the outlet that is named, or comes from the block named."""
    ids = {block.id for block in document.blocks}
    leads_nowhere = link.source not in ids or link.to not in ids
    if problem.block is None:
        return leads_nowhere
    if link.source == problem.block and link.outlet == problem.subject:
        return True
    return link.to == problem.block and link.source == problem.subject
