"""What can be done with one application: workflows on its users, seats to give back, its integrations, its console."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from saasdesk.services import Services
from saasdesk.sync.integration import Integration
from saasdesk.ui.moments import counted, moment_in_words
from saasdesk.ui.money import figure_text
from saasdesk.ui.pages.software.application_actions import ApplicationActions, read_actions
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.workflows.workflow import Workflow


class ActionsView(QWidget):
    """Cards, each with what it is about; nothing here acts without the plan or the page that it leads to."""

    # A workflow, and the users it is to run on; none means every active one.
    plan_wanted = Signal(int, object)
    run_wanted = Signal(object)
    integration_wanted = Signal(int)
    workflows_wanted = Signal()
    users_wanted = Signal()
    reclaim_wanted = Signal()

    def __init__(
        self,
        services: Services,
        theme: Theme,
        readers: TableReaders,
        application: int,
        selected: Callable[[], Sequence[int]],
    ) -> None:
        super().__init__()
        self._services, self._theme, self._application, self._selected = services, theme, application, selected
        self._reading = Reading(readers, self)
        self.found: ApplicationActions | None = None
        self.setObjectName("actions-view")
        self.wrong = Banner(theme, "error")
        self.wrong.hide()
        self._cards = Column(theme, gap=16)
        inside = QWidget()
        column = Column(theme, gap=16, margins=(24, 16))
        column.addWidget(self.wrong)
        column.addLayout(self._cards)
        column.addStretch(1)
        inside.setLayout(column)
        whole = Column(theme, gap=0)
        whole.addWidget(ScrollArea(inside))
        self.setLayout(whole)

    def refresh(self) -> None:
        """Read what can be done now."""
        services, application = self._services, self._application
        self._reading.ask(
            "actions", lambda stop: read_actions(services, application, stop), self._show, self._on_failed
        )

    def button(self, name: str) -> OutlinedButton:
        """The button of this name."""
        return next(each for each in self.findChildren(OutlinedButton) if each.accessibleName() == name)

    def _show(self, actions: ApplicationActions) -> None:
        self.found = actions
        self.wrong.hide()
        clear_layout(self._cards)
        for card in (
            self._workflow_card(actions),
            self._reclaim_card(actions),
            self._integration_card(actions),
            self._console_card(actions),
        ):
            if card is not None:
                self._cards.addWidget(card)

    def _workflow_card(self, actions: ApplicationActions) -> Card:
        chosen = len(self._selected())
        every = counted(actions.active_users, self.tr("the {0} active user"), self.tr("all {0} active users"))
        some = counted(chosen, self.tr("the {0} selected user"), self.tr("the {0} selected users"))
        text = self.tr("The plan comes first: it says what would happen to {0}.").format(some if chosen else every)
        card = self._card(self.tr("Run a workflow"), text)
        for workflow in actions.workflows:
            plan = self._named(self.tr("Show the plan"), self.tr("Show the plan of {0}").format(workflow.name), "eye")
            plan.clicked.connect(partial(self._on_plan, workflow))
            self._line(card, workflow.name, workflow.document.description, plan)
        if not actions.workflows:
            card.body.addWidget(
                Paragraph(self._theme, self.tr("No launched workflow is run by hand on SaaS users yet."), tone="muted")
            )
        choose = self._named(self.tr("Choose users"), self.tr("Choose users"), "people")
        choose.clicked.connect(self.users_wanted)
        all_workflows = self._named(self.tr("All workflows"), self.tr("All workflows"), "workflows")
        all_workflows.clicked.connect(self.workflows_wanted)
        foot = Row(self._theme, gap=8)
        foot.addWidget(choose)
        foot.addWidget(all_workflows)
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

    def _reclaim_card(self, actions: ApplicationActions) -> Card:
        seats = actions.potential.seats
        if not seats:
            return self._card(self.tr("Reclaim seats"), self.tr("No seat here could be given back just now."))
        count = counted(seats, self.tr("{0} seat could be given back"), self.tr("{0} seats could be given back"))
        card = self._card(self.tr("Reclaim seats"), f"{count}: {figure_text(actions.potential)}.")
        show = self._named(self.tr("Look at the seats"), self.tr("Look at the seats"), "cost")
        show.clicked.connect(self.reclaim_wanted)
        self._line(card, self.tr("Choose and approve them"), self.tr("An approved list can start a workflow."), show)
        return card

    def _integration_card(self, actions: ApplicationActions) -> Card | None:
        if not actions.feeding:
            return None
        card = self._card(self.tr("Integrations"), self.tr("They bring the users and licences of this application."))
        for integration, last_run in actions.feeding:
            run = self._named(self.tr("Run now"), self.tr("Run {0} now").format(integration.name), "run")
            run.clicked.connect(partial(self._on_run, integration))
            show = self._named(self.tr("Open"), self.tr("Open {0}").format(integration.name), "open")
            show.clicked.connect(partial(self._on_integration, integration))
            when = moment_in_words(last_run) or self.tr("never")
            self._line(card, integration.name, self.tr("Last run: {0}").format(when), run, show)
        return card

    def _console_card(self, actions: ApplicationActions) -> Card | None:
        if not actions.console:
            return None
        host = actions.console.partition("//")[2]
        card = self._card(
            self.tr("At the vendor"), self.tr("Opens in the browser, where you sign in with your own account.")
        )
        go = self._named(self.tr("Open {0}").format(host), self.tr("Open {0}").format(host), "globe")
        go.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(actions.console)))
        self._line(card, self.tr("The vendor's own administration"), "", go)
        return card

    def _card(self, title: str, text: str) -> Card:
        card = Card(self._theme, gap=8, margins=(16, 12, 16, 16))
        card.setAccessibleName(title)
        card.add_title(title)
        card.body.addWidget(Paragraph(self._theme, text, role="secondary", tone="muted"))
        return card

    def _line(self, card: Card, title: str, text: str, *buttons: OutlinedButton) -> None:
        row = Row(self._theme, gap=8)
        row.addWidget(PlainLabel(visible_text(title), "strong"))
        row.addWidget(PlainLabel(visible_text(text), "secondary", "muted", elided=True), 1)
        for button in buttons:
            row.addWidget(button)
        card.body.addLayout(row)

    def _named(self, text: str, name: str, icon: str) -> OutlinedButton:
        button = OutlinedButton(self._theme, text, icon)
        button.setAccessibleName(name)
        # Nobody acts on what was.
        button.setEnabled(not self._services.store.moment)
        return button

    def _on_plan(self, workflow: Workflow, _checked: bool = False) -> None:
        if self.found is not None:
            self.plan_wanted.emit(workflow.id, tuple(self._selected()) or self.found.user_ids)

    def _on_run(self, integration: Integration, _checked: bool = False) -> None:
        self.run_wanted.emit(integration)

    def _on_integration(self, integration: Integration, _checked: bool = False) -> None:
        self.integration_wanted.emit(integration.id)

    def _on_failed(self, reason: str) -> None:
        self.wrong.say("error", self.tr("What can be done could not be read."), reason)
        self.wrong.show()
