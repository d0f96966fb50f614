"""The versions of a workflow: each launch keeps one; what differs between two, and the way back to an earlier one."""

import threading
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from saasdesk.services import Services
from saasdesk.ui.canvas.changes import CHANGES
from saasdesk.ui.canvas.comparison_view import ComparisonView
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line, LineTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.list_and_details import ListAndDetails
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import status
from saasdesk.workflows import versions
from saasdesk.workflows.blocks import World
from saasdesk.workflows.side_by_side import side_by_side
from saasdesk.workflows.versions import Difference, Version
from saasdesk.workflows.workflow import Workflow


class VersionsView(QWidget):
    """The versions above; below them what the chosen one has otherwise than the draft of now, as a list and drawn."""

    restored = Signal()

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self._services, self._frame, self._theme = services, frame, theme
        self._reading = Reading(readers, self)
        self._workflow: Workflow | None = None
        self._world: World | None = None
        self._known: dict[int, Version] = {}
        self._found: Sequence[Difference] = ()
        self._build()

    def show_workflow(self, workflow: Workflow, world: World) -> None:
        """Read the versions of this workflow."""
        self._workflow, self._world = workflow, world
        store = self._services.store
        self._reading.ask(
            "versions", lambda _stop: versions.list_versions(store, workflow), self._show, self._stack.show_failure
        )

    def panes(self) -> Sequence[QWidget]:
        """The versions, and what differs."""
        return (self.table, self.differences)

    def _build(self) -> None:
        theme = self._theme
        self.restore = OutlinedButton(theme, self.tr("Restore as draft"), "restore")
        self.restore.clicked.connect(self._restore)
        self.restore.setEnabled(False)
        self._said = PlainLabel("", "body", "muted", elided=True)
        tools = Row(theme, gap=8, margins=(24, 12, 24, 8))
        tools.addWidget(self._said, 1)
        tools.addWidget(self.restore)
        self.table = LineTable(
            theme,
            self.tr("Versions"),
            (
                Heading(self.tr("Version"), 96),
                Heading(self.tr("Launched"), 160),
                Heading(self.tr("State"), 140),
                Heading(self.tr("Blocks"), 88, at_right=True),
                Heading(self.tr("Name"), share=6),
            ),
            keeps_mark=True,
        )
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._on_opened)
        self.differences = LineTable(
            theme,
            self.tr("What differs from the draft of now"),
            (
                Heading(self.tr("Change"), 112),
                Heading(self.tr("What"), share=4),
                Heading(self.tr("In this version"), share=5),
                Heading(self.tr("In the draft of now"), share=5),
            ),
            compact=True,
        )
        self.differences.current.connect(self._on_difference)
        self.drawing = ComparisonView(theme)
        both = QSplitter()
        both.setChildrenCollapsible(False)
        both.addWidget(self.differences)
        both.addWidget(self.drawing)
        both.setSizes([theme.px(520), theme.px(520)])
        self._same = EmptyState(theme, Emptiness.NOTHING_YET, "", "", icon="check", centred=True)
        self._lower = QStackedWidget()
        self._lower.addWidget(both)
        self._lower.addWidget(self._same)
        nothing = EmptyState(
            theme,
            Emptiness.NOTHING_YET,
            self.tr("No versions yet"),
            self.tr("Each Launch keeps the workflow as it is then; it can be compared and brought back."),
            icon="history",
        )
        self._stack = ListAndDetails(self.table, self._lower, nothing, (theme.px(200), theme.px(440)))
        column = Column(theme, gap=0)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)
        self.setLayout(column)

    def _show(self, known: Sequence[Version]) -> None:
        workflow = self._workflow
        self._known = {version.number: version for version in known}
        self._stack.show_list(is_empty=not known)
        self.restore.setEnabled(False)
        if workflow is not None and known:
            self.table.show_lines([_line(workflow, version) for version in known])
            self.table.setCurrentIndex(self.table.model_of_lines.index(0, 0))
        else:
            self._said.set_text("")

    def _on_current(self, key: object) -> None:
        workflow, version = self._workflow, self._known.get(key) if isinstance(key, int) else None
        if workflow is None or version is None:
            return
        found = versions.compare(version.document, workflow.document)
        self.differences.show_lines([_difference(number, each) for number, each in enumerate(found)])
        self._found = found
        if found and self._world is not None:
            self.drawing.show_both(side_by_side(version.document, workflow.document), self._world)
        self._lower.setCurrentIndex(0 if found else 1)
        self.restore.setEnabled(bool(found))
        number = self.tr("Version {0}").format(version.number)
        self._said.set_text(number)
        if not found:
            self._same.say(
                Emptiness.NOTHING_YET, self.tr("Nothing differs: the design is as in {0}").format(number.lower())
            )

    def _on_opened(self, _key: object) -> None:
        self.differences.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_difference(self, key: object) -> None:
        """The drawing follows the list."""
        block = self._found[key].block if isinstance(key, int) and key < len(self._found) else None
        if block is not None:
            self.drawing.reveal(block)

    def _restore(self) -> None:
        workflow, key = self._workflow, self.table.current_key
        version = self._known.get(key) if isinstance(key, int) else None
        if workflow is None or version is None:
            return
        store = self._services.store

        def work(_stop: threading.Event) -> Workflow:
            return versions.restore(store, workflow, version.number)

        def done(saved: Workflow) -> None:
            text = self.tr("Version {0} is draft {1} now. Nothing runs by it before Launch.")
            self._frame.toast(text.format(version.number, saved.version), "ok")
            self.restored.emit()

        self._reading.ask("restore", work, done, lambda sentence: self._frame.toast(sentence, "error"))


def _line(workflow: Workflow, version: Version) -> Line:
    runs = version.number == workflow.launched_version
    shown = (
        status("active")
        if runs and workflow.state.value == "active"
        else status("archived", QCoreApplication.translate("VersionsView", "Earlier"))
    )
    return Line(
        (
            Cell(str(version.number), role="name"),
            Cell(moment_in_words(version.launched_at)),
            Cell(status=shown),
            Cell(str(len(version.document.steps)), at_right=True),
            Cell(version.document.name, "muted"),
        ),
        version.number,
    )


def _difference(number: int, found: Difference) -> Line:
    words = CHANGES[found.change]
    change = Cell(found.change, tag=words.tone, icon=words.icon)
    return Line((change, Cell(found.what, role="name"), Cell(found.before), Cell(found.after)), number)
