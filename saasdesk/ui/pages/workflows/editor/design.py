"""The editor's panes: what can be added, the canvas, the selected block; each can be put away."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from saasdesk.services import Services
from saasdesk.ui.canvas.block_palette import BlockPalette
from saasdesk.ui.canvas.inspector import Inspector, Office
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.outline import Outline
from saasdesk.ui.canvas.problems_drawer import ProblemsDrawer
from saasdesk.ui.canvas.view import CanvasView
from saasdesk.ui.dialogs.credential.actions import CredentialActions
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.navigation import Command, Frame
from saasdesk.ui.pages.workflows.editor.passage_trace import trace_of
from saasdesk.ui.pages.workflows.words import event_in_words
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.focus_ring import FocusRing
from saasdesk.ui.widgets.layouts import Column
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.history import Passage

_MEMORY = "workflow-editor"
_PALETTE, _INSPECTOR, _DRAWER = 216, 312, 112
# At 100 %: below this width the lists at the side give way to the canvas.
_ROOM_FOR_SIDE = 720


class Design(QWidget):
    """One model, and the panes that show it."""

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        document: WorkflowDocument,
        world: World,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._frame, self._theme, self._memory = frame, theme, memory
        self._is_narrow = False
        self._zoom = theme.zoom
        # Its questions about the world; the form of a new credential is opened over this page.
        credentials = CredentialActions(services, frame, theme, readers, self)
        self._office = Office(services, theme, readers, memory, self, credentials.ask_for_new, export)
        self._office.world, self._office.kind = world, document.record_kind
        self.model = WorkflowModel(document, lambda: self._office.world, self)
        self.palette_pane = BlockPalette(self.model, theme)
        self.outline = Outline(self.model, theme)
        self.canvas = CanvasView(self.model, theme)
        self.inspector = Inspector(theme, self.model, self._office)
        for listed in (self.palette_pane.list, self.outline.tree):
            FocusRing(theme, listed)
        self._build()
        theme.changed.connect(self._rescale)
        self._office.world_changed.connect(self._on_world_changed)
        self.model.announced.connect(frame.say)
        self.model.inspector_wanted.connect(self._on_inspector_wanted)
        self.model.validate()

    def take_world(self, world: World) -> None:
        """What workflows can refer to has been read again."""
        if world != self._office.world:
            self._office.world = world
            self._on_world_changed()

    def commands(self) -> Sequence[Command]:
        """What can be put away and brought back."""
        return (
            Command(self.tr("Show or hide the blocks to add"), partial(self.toggle, "palette"), "", "rail", "View"),
            Command(self.tr("Show or hide the outline"), partial(self.toggle, "outline"), "", "list", "View"),
            Command(self.tr("Show or hide the inspector"), partial(self.toggle, "inspector"), "Ctrl+I", "info", "View"),
            Command(self.tr("Show or hide the problems"), partial(self.toggle, "problems"), "", "warning", "View"),
            Command(self.tr("Next problem"), partial(self.problems.walk, 1), "F8", "arrow-down", "Go"),
            Command(self.tr("Previous problem"), partial(self.problems.walk, -1), "Shift+F8", "arrow-up", "Go"),
            Command(self.tr("Show everything"), self.canvas.fit, "", "full-screen", "View"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The panes that are open, for F6."""
        panes: list[QWidget] = [self.palette_pane, self.outline.tree, self.canvas, self.problems, self.inspector]
        return [pane for pane in panes if pane.isVisibleTo(self)]

    def toggle(self, key: str, _checked: bool = False) -> None:
        """Put a pane away, or bring it back; it is remembered."""
        pane = self._panes[key]
        pane.setHidden(not pane.isHidden())
        self._side.setHidden(self.palette_pane.isHidden() and self.outline.isHidden())
        self._memory[_MEMORY] = {"hidden": [known for known, each in self._panes.items() if each.isHidden()]}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < self._theme.px(_ROOM_FOR_SIDE)
        if is_narrow != self._is_narrow:
            # The canvas offers every block too; a command brings the lists back.
            self._is_narrow = is_narrow
            self._side.setHidden(is_narrow or (self.palette_pane.isHidden() and self.outline.isHidden()))

    def _rescale(self) -> None:
        """The panes at the sides are as wide for what stands in them as they were."""
        if self._zoom != self._theme.zoom:
            left, _middle, right = self.splitter.sizes()
            left, right = (round(size * self._theme.zoom / self._zoom) for size in (left, right))
            self.splitter.setSizes([left, max(1, self.width() - left - right), right])
            self._zoom = self._theme.zoom

    def show_problems(self) -> None:
        """Lead to the first thing that is wrong."""
        if self.problems.isHidden():
            self.toggle("problems")
        self.problems.walk(1)

    def show_passage(self, passage: Passage) -> None:
        """Lay the way of one record over the canvas, until it is put away."""
        away = OutlinedButton(self._theme, self.tr("Put it away"), "close")
        away.clicked.connect(self.hide_trace)
        run = passage.run
        facts = [event_in_words(run.event), moment_in_words(run.started_at), self.tr("version {0}").format(run.version)]
        self._trace.say("info", run.label, " · ".join(facts), (away,))
        self._trace.show()
        # Where there is room for the canvas is known before it looks for the blocks.
        self._drawing.activate()
        self.canvas.show_trace(trace_of(self.model.document, passage))

    def hide_trace(self) -> None:
        """Show the design alone again."""
        self.canvas.show_trace(None)
        self._trace.hide()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self._trace = Banner(theme, "info", icon="activity")
        self._trace.hide()
        drawing = QWidget()
        self._drawing = Column(theme, gap=0)
        self._drawing.addWidget(self._trace)
        self._drawing.addWidget(self.canvas, 1)
        drawing.setLayout(self._drawing)
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.setChildrenCollapsible(False)
        middle.addWidget(drawing)
        self.problems = ProblemsDrawer(self.model, theme)
        self.problems.put_away.connect(partial(self.toggle, "problems"))
        middle.addWidget(self.problems)
        middle.setStretchFactor(0, 1)
        middle.setStretchFactor(1, 0)
        middle.setSizes([theme.px(560), min(theme.px(_DRAWER), self.problems.maximumHeight())])
        self._middle = middle
        self.model.problems_changed.connect(self._fit_problems)
        self._panes: dict[str, QWidget] = {
            "palette": self.palette_pane,
            "outline": self.outline,
            "inspector": self.inspector,
            "problems": self.problems,
        }
        self._side = QSplitter(Qt.Orientation.Vertical)
        self._side.setChildrenCollapsible(False)
        self._side.addWidget(self.palette_pane)
        self._side.addWidget(self.outline)
        self._side.setSizes([theme.px(340), theme.px(240)])
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        for part in (self._side, middle, self.inspector):
            self.splitter.addWidget(part)
        for place, stretch in enumerate((0, 1, 0)):
            self.splitter.setStretchFactor(place, stretch)
        self.splitter.setSizes([theme.px(_PALETTE), theme.px(900), theme.px(_INSPECTOR)])
        whole = Column(theme, gap=0)
        whole.addWidget(self.splitter)
        self.setLayout(whole)
        kept = self._memory.get(_MEMORY)
        hidden = kept.get("hidden", []) if isinstance(kept, dict) else []
        for key, pane in self._panes.items():
            pane.setHidden(key in hidden)
        self._side.setHidden({"palette", "outline"} <= set(hidden))

    def _fit_problems(self) -> None:
        # A splitter keeps the place of a pane that needs less: the canvas is to have it.
        sizes, most = self._middle.sizes(), self.problems.maximumHeight()
        if sizes[1] > most:
            self._middle.setSizes([sum(sizes) - most, most])

    def _on_world_changed(self) -> None:
        self.model.look_around()
        self.inspector.refresh()

    def _on_inspector_wanted(self) -> None:
        if self.inspector.isHidden():
            self.toggle("inspector")
        self.inspector.focus_field()
