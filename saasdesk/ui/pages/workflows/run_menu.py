"""*Run workflow…* on records: the launched workflows that are run by hand on them; the plan comes first, always."""

import threading
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.services import Services
from saasdesk.ui.navigation import Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.question import Question
from saasdesk.workflows import keeping
from saasdesk.workflows.by_hand import OFF_BOARD, off_boarding, workflows_by_hand
from saasdesk.workflows.starters import find_starter
from saasdesk.workflows.workflow import Workflow
from saasdesk.workflows.workflows import list_workflows


class RunWorkflow(QObject):
    """Offers what can be run on records of one kind."""

    def __init__(
        self, services: Services, frame: Frame, readers: TableReaders, kind: ObjectKind, page: QWidget
    ) -> None:
        super().__init__(page)
        self._services, self._frame, self._kind, self._page = services, frame, kind, page
        self._reading = Reading(readers, self)

    def add_to(self, table: RecordTable, theme: Theme) -> LinkButton:
        """Put it beside a selection, and into the menu of a line."""
        button = LinkButton(theme, self.tr("Run workflow…"), "workflows")
        if self._services.store.moment:
            # Nobody acts on what was.
            button.hide()
            return button
        button.clicked.connect(lambda: self.offer(list(table.selected_ids()), button))
        table.selection_bar.add_actions(button)
        table.row_menu_shown.connect(partial(self._fill_row_menu, table))
        return button

    def offer(self, records: Sequence[int], below: QWidget | None = None) -> None:
        """Let one of the workflows be chosen; its plan for these records opens."""
        store, kind = self._services.store, self._kind
        if self._is_past():
            return
        wanted = tuple(records)

        def work(_stop: threading.Event) -> list[Workflow]:
            return workflows_by_hand(store, kind)

        def show(found: list[Workflow]) -> None:
            place = below or self._page
            menu = self.menu(found, wanted)
            corner = QPoint(0, place.height()) if below is not None else place.rect().center()
            menu.popup(place.mapToGlobal(corner))

        self._reading.ask("by hand", work, show, self._complain)

    def off_board(self, person: int, theme: Theme) -> None:
        """Open the plan of off-boarding this person; where no workflow does that yet, offer to begin one."""
        store = self._services.store
        if self._is_past():
            return

        def show(found: Workflow | None) -> None:
            if found is not None:
                self._go(found.id, (person,))
            else:
                self._offer_starter(theme)

        self._reading.ask("off-board", lambda _stop: off_boarding(store), show, self._complain)

    def _is_past(self) -> bool:
        """Whether the page shows what was; then it says that nobody can act on that."""
        if self._services.store.moment:
            self._frame.toast(self.tr("This is the past. Go back to the present to act on these records."), "info")
        return bool(self._services.store.moment)

    def _offer_starter(self, theme: Theme) -> None:
        later = OutlinedButton(theme, self.tr("Not now"))
        begin = PrimaryButton(theme, self.tr("Make the draft"))
        begin.clicked.connect(self._begin_with_starter)
        text = self.tr(
            "A workflow does it, and none is launched. One that is ready to copy asks for approval, closes accounts "
            "vendor by vendor, what cannot be undone last, and reads each back. Choose its credentials, look at its "
            "plan and launch it; then it is here for everybody."
        )
        title = self.tr("Nobody can be off-boarded yet")
        question = Question(theme, title, text, [later, begin], icon="leave", tone="accent", parent=self._page)
        question.finished.connect(question.deleteLater)
        question.open()

    def _begin_with_starter(self) -> None:
        services = self._services

        def work(_stop: threading.Event) -> Workflow:
            # One that was begun before is gone on with.
            name = find_starter(OFF_BOARD).name
            begun = next((each for each in list_workflows(services.store) if each.name == name), None)
            return begun or keeping.add_workflow(services.store, find_starter(OFF_BOARD).copy(services.vault.list()))

        self._reading.ask("begin", work, lambda made: self._frame.navigate("workflow", made.id), self._complain)

    def _complain(self, sentence: str) -> None:
        self._frame.toast(sentence, "error")

    def menu(self, found: Sequence[Workflow], records: tuple[int, ...]) -> QMenu:
        """The workflows, or why there are none and where they are made."""
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Run workflow"))
        for workflow in found:
            action = menu.addAction(escaped_ampersands(workflow.name))
            action.triggered.connect(partial(self._go, workflow.id, records))
        if not found:
            menu.addAction(self.tr("No launched workflow is run by hand on these")).setEnabled(False)
        menu.addSeparator()
        menu.addAction(self.tr("All workflows")).triggered.connect(lambda: self._frame.navigate("workflows"))
        return menu

    def _go(self, workflow: int, records: tuple[int, ...], _checked: bool = False) -> None:
        self._frame.navigate("workflow_plan", (workflow, records))

    def _fill_row_menu(self, table: RecordTable, menu: QMenu) -> None:
        current = table.current_id()
        if current is None:
            return
        chosen = list(table.selected_ids()) or [current]
        menu.addSeparator()
        menu.addAction(self.tr("Run workflow…")).triggered.connect(lambda: self.offer(chosen, table.view))
        activity = f"record:{self._kind.value}:{current}"
        menu.addAction(self.tr("Workflow activity")).triggered.connect(
            lambda: self._frame.navigate("activity", activity)
        )
