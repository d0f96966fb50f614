"""One credential: what is known of it, what it may do, and who uses it."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.clock import now
from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.credentials.unlisted import TEST_ADDRESS
from saasdesk.sync.credentials import UsedCredential
from saasdesk.ui.credential_words import (
    expiry_of,
    expiry_warning,
    hosts_of,
    permission_of,
    place_of_key,
    standing_of,
    type_of,
    vendor_of,
)
from saasdesk.ui.dialogs.credential.actions import CredentialActions
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.navigation import Frame
from saasdesk.ui.scope_table import ScopeTable
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status


class CredentialSheet(QWidget):
    """`left` asks for the table again."""

    left = Signal()

    def __init__(self, theme: Theme, frame: Frame, actions: CredentialActions) -> None:
        super().__init__()
        self._theme, self._frame, self._actions = theme, frame, actions
        self._used: UsedCredential | None = None
        self.back = IconButton(theme, "arrow-left", self.tr("All credentials"), outlined=True)
        self.back.clicked.connect(self.left)
        self._name = PlainLabel("", "section", elided=True)
        self._state = StatusWord(theme, status("not_checked"))
        self.test = OutlinedButton(theme, self.tr("Test now"), "flask")
        self.replace = OutlinedButton(theme, self.tr("Replace key…"), "key")
        self.edit = OutlinedButton(theme, self.tr("Edit…"), "edit")
        self.delete = OutlinedButton(theme, self.tr("Delete…"), "trash")
        self.test.clicked.connect(self._test_or_stop)
        self.replace.clicked.connect(lambda: self._with(lambda used: actions.ask_to_replace(used.credential)))
        self.edit.clicked.connect(lambda: self._with(lambda used: actions.ask_to_edit(used.credential)))
        self.delete.clicked.connect(lambda: self._with(actions.ask_to_delete))
        head = Row(theme, gap=8)
        head.addWidget(self.back)
        head.addWidget(self._name)
        head.addWidget(self._state)
        head.addStretch(1)
        works = Flow(theme)
        for place, button in enumerate((self.test, self.replace, self.edit, self.delete)):
            works.insert(place, button)
        self._banner = Banner(theme, "warn")
        self._banner.hide()
        self._details = Card(theme)
        self._scope = Card(theme)
        self._users = Card(theme)
        content = QWidget()
        column = Column(theme, gap=12)
        for card in (self._banner, self._scope, self._details, self._users):
            column.addWidget(card)
        column.addStretch(1)
        content.setLayout(column)
        whole = Column(theme, gap=12)
        whole.addLayout(head)
        whole.addWidget(works)
        whole.addWidget(ScrollArea(content), 1)
        self.setLayout(whole)

    def show_credential(self, used: UsedCredential) -> None:
        """Show what is known of it now."""
        self._used = used
        credential = used.credential
        self._name.set_text(credential.name)
        self._state.set_status(standing_of(credential))
        self._show_banner(credential)
        self._show_scope(credential)
        self._show_details(credential)
        self._show_users(used)

    def show_testing(self, *, is_testing: bool) -> None:
        """The vendor is being asked, or has answered."""
        self.test.setText(self.tr("Stop testing") if is_testing else self.tr("Test now"))

    def _show_banner(self, credential: Credential) -> None:
        warning = expiry_warning(credential, now().astimezone().date())
        found = credential.last_test
        if found is not None and not found.works:
            self._banner.say("error", self.tr("The key did not work when it was last tried."), found.text)
        elif warning:
            self._banner.say("warn", warning)
        elif credential.source == "none":
            self._banner.say("error", self.tr("There is no key."), self.tr("Replace key… puts one into the keyring."))
        self._banner.setVisible(bool((found is not None and not found.works) or warning or credential.source == "none"))

    def _show_scope(self, credential: Credential) -> None:
        clear_layout(self._scope.body)
        found = credential.last_test
        self._scope.add_title(self.tr("What the key may do"))
        if found is None:
            text = self.tr("Not tested yet. “Test now” asks the vendor and shows each feature.")
            self._scope.body.addWidget(Paragraph(self._theme, text, tone="muted"))
            return
        when = moment_in_words(credential.last_tested_at) if credential.last_tested_at else ""
        if found.works:
            opens = self.tr("A run has read with it: {0}. “Test now” shows each feature.").format(when)
            if found.text:
                opens = self.tr("It opens {0}. Last tried: {1}.").format(found.text, when)
            self._scope.body.addWidget(Paragraph(self._theme, opens, tone="muted"))
        if found.features:
            table = ScopeTable(self._theme)
            self._scope.body.addWidget(Boxed(self._theme, table))
            table.show_features(found.features)
        elif not found.works:
            self._scope.body.addWidget(
                Paragraph(self._theme, self.tr("Nothing, as it is. Last tried: {0}.").format(when))
            )

    def _show_details(self, credential: Credential) -> None:
        clear_layout(self._details.body)
        self._details.add_title(self.tr("Details"))
        grid = FormGrid(self._theme, label_width=136, gap=6)
        never = self.tr("Never")
        values = [
            (self.tr("Vendor"), vendor_of(credential)),
            (self.tr("Type"), type_of(credential)),
            (self.tr("Permission"), permission_of(credential)),
            (self.tr("Key"), place_of_key(credential)),
            *_inputs_in_words(credential),
            (self.tr("Expires"), expiry_of(credential) or self.tr("No day noted")),
            (self.tr("Owner"), credential.owner or "—"),
            (self.tr("Made"), moment_in_words(credential.created_at)),
            (self.tr("Last used"), moment_in_words(credential.last_used_at) if credential.last_used_at else never),
        ]
        for label, value in values:
            grid.add_value(label, value)
        grid.add_value(self.tr("Sent only to"), Paragraph(self._theme, hosts_of(credential)))
        if credential.notes:
            grid.add_value(self.tr("Notes"), Paragraph(self._theme, credential.notes))
        self._details.body.addLayout(grid)

    def _show_users(self, used: UsedCredential) -> None:
        clear_layout(self._users.body)
        self._users.add_title(self.tr("Used by"))
        if not used.used_by and not used.workflows:
            self._users.body.addWidget(Paragraph(self._theme, self.tr("Nothing uses it."), tone="muted"))
        for integration in used.used_by:
            link = LinkButton(self._theme, integration.name, inline=True)
            link.clicked.connect(
                lambda _checked=False, number=integration.id: self._frame.navigate("integration", number)
            )
            self._users.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        for name in used.workflows:
            self._users.body.addWidget(Paragraph(self._theme, self.tr("The workflow “{0}”").format(name)))

    def _with(self, act: Callable[[UsedCredential], object]) -> None:
        if self._used is not None:
            act(self._used)

    def _test_or_stop(self) -> None:
        if self._actions.is_testing:
            self._actions.stop_testing()
        elif self._used is not None:
            self._actions.test(self._used.credential)


def _inputs_in_words(credential: Credential) -> list[tuple[str, str]]:
    """What was filled in besides the key, by the names that the vendor's form has for it."""
    known = CONNECTORS.get(credential.connector)
    labels = {declared.key: declared.label for declared in known.inputs} if known is not None else {}
    if known is not None and credential.base_url:
        labels["base_url"] = QCoreApplication.translate("CredentialSheet", "Address")
    words = [(labels.get(key, key), text) for key, text in credential.inputs.items() if text and key != TEST_ADDRESS]
    if tried := credential.inputs.get(TEST_ADDRESS):
        words.append((QCoreApplication.translate("CredentialSheet", "Tested with"), tried))
    return [(label.removeprefix(f"{known.title} ") if known is not None else label, text) for label, text in words]
