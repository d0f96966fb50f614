"""Configuration: credentials, global settings, fields, and the lists on which fields look their values up."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.services import Services
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.configuration.credentials_view import CredentialsView
from saasdesk.ui.pages.configuration.fields_view import FieldsView
from saasdesk.ui.pages.configuration.objects_view import ObjectsView
from saasdesk.ui.pages.configuration.variables_view import VariablesView
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.choice_list import ChoiceLine, ChoiceList, ListedChoice
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.plain_label import PlainLabel

_SIDE = 216


class ConfigurationPage(QWidget):
    """`open("fields")` goes to a section, `open("credentials:NAME")` to one credential in it."""

    title = "Configuration"

    def __init__(self, services: Services, frame: Frame, theme: Theme, readers: TableReaders) -> None:
        super().__init__()
        self.setObjectName("configuration-page")
        self._theme = theme
        # The lines that lead to pages of their own.
        self.ways: dict[str, ChoiceLine] = {}
        self.fields = FieldsView(services, frame, theme, readers)
        self.variables = VariablesView(services, frame, theme, readers)
        self.credentials = CredentialsView(services, frame, theme, readers)
        self.objects = ObjectsView(services, frame, theme, readers)
        self._views: dict[str, FieldsView | VariablesView | CredentialsView | ObjectsView] = {
            "credentials": self.credentials,
            "variables": self.variables,
            "fields": self.fields,
            "objects": self.objects,
        }
        choices = (
            ListedChoice(self.tr("Security")),
            ListedChoice(self.tr("Credentials"), "credentials", "key"),
            ListedChoice(self.tr("General")),
            ListedChoice(self.tr("Global Settings"), "variables", "variable"),
            ListedChoice(self.tr("Data Model")),
            ListedChoice(self.tr("Field Configuration"), "fields", "fields"),
            ListedChoice(self.tr("Custom Objects"), "objects", "list"),
        )
        self.sections = ChoiceList(theme, self.tr("Sections of the configuration"), choices, "fields")
        self.sections.chosen.connect(self._show_section)
        self._fit()
        theme.changed.connect(self._fit)
        self._stack = QStackedWidget()
        for view in self._views.values():
            self._stack.addWidget(view)
        side = Column(theme, gap=0)
        side.addWidget(self.sections)
        # Pages of their own, reached here too: so the help articles call the way to them.
        for page, title, word, name in (
            ("integrations", self.tr("Integrations"), self.tr("Overview"), self.tr("Overview of the integrations")),
            ("workflows", self.tr("Workflows"), self.tr("All workflows"), self.tr("All workflows")),
        ):
            heading = PlainLabel(title.upper(), "caption-strong", "muted")
            heading.setContentsMargins(theme.px(10), theme.px(8), 0, theme.px(4))
            side.addWidget(heading)
            line = ChoiceLine(theme, ListedChoice(word, page, page))
            line.setCheckable(False)
            line.setAccessibleName(name)
            line.clicked.connect(partial(frame.navigate, page))
            side.addWidget(line)
            self.ways[page] = line
        self.overview = self.ways["integrations"]
        side.addStretch(1)
        row = Row(theme, gap=24, margins=(24, 8, 24, 24))
        row.addLayout(side)
        row.addWidget(self._stack, 1)
        head = Column(theme, gap=0, margins=(24, 16, 24, 0))
        head.addWidget(PageHeader(theme, self.tr("Configuration")))
        whole = Column(theme, gap=8)
        whole.addLayout(head)
        whole.addLayout(row, 1)
        self.setLayout(whole)
        self._show_section("fields")

    def refresh(self) -> None:
        """Read what is shown again."""
        self._views[self.sections.current].refresh()

    def open(self, argument: object) -> None:
        """Show a section."""
        section, _, name = argument.partition(":") if isinstance(argument, str) else ("", "", "")
        if section in self._views:
            self.sections.set_current(section)
            self.credentials.open_one(name)
            self._show_section(section)
        else:
            self.refresh()

    def breadcrumb(self) -> Sequence[Crumb]:
        """A page of the rail; a credential has the way back to the table."""
        if self.sections.current != "credentials" or not self.credentials.opened:
            return ()
        return (
            Crumb(self.title, "configuration", "credentials"),
            Crumb(self.tr("Credentials"), "configuration", "credentials"),
            Crumb(self.credentials.opened),
        )

    def commands(self) -> Sequence[Command]:
        """What can be done here."""
        return (
            Command(self.tr("New credential…"), self.credentials.ask_for_new, "", "plus", "Edit"),
            Command(self.tr("New field…"), self.fields.ask_for_new, "", "plus", "Edit"),
            Command(self.tr("New list of objects…"), self.objects.ask_for_new_list, "", "plus", "Edit"),
            Command(self.tr("New variable…"), self.variables.ask_for_new, "", "plus", "Edit"),
        )

    def foot_height(self) -> int:
        """Where the buttons of a section stand: messages lie on none of them."""
        return self._theme.px(32) + self._theme.measure("control")

    def _fit(self) -> None:
        self.sections.setFixedWidth(self._theme.px(_SIDE))

    def _show_section(self, key: str) -> None:
        self._stack.setCurrentWidget(self._views[key])
        self._views[key].refresh()
