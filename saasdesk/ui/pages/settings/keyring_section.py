"""Where keys lie, and whether it can be reached."""

from PySide6.QtCore import QCoreApplication, Signal

from saasdesk.credentials.keyrings import KeyringState
from saasdesk.ui.pages.settings.section import Section
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import StatusWord, status


class KeyringSection(Section):
    """Where keys lie, and whether it can be reached."""

    look_wanted = Signal()
    unlock_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, _tr("Keyring"), _tr("Keys and passwords lie in the keyring of this system, and nowhere else.")
        )
        self.state = StatusWord(theme, status("not_checked"))
        self._name = PlainLabel("", elided=True)
        self._text = Paragraph(theme, role="secondary", tone="muted")
        self.look = OutlinedButton(theme, self.tr("Look again"), icon="retry")
        self.unlock = OutlinedButton(theme, self.tr("Unlock…"), icon="unlock")
        head = Row(theme, gap=12)
        head.addWidget(self.state)
        head.addWidget(self._name, 1)
        head.addWidget(self.unlock)
        head.addWidget(self.look)
        self.unlock.hide()
        self.body.addLayout(head)
        self.body.addWidget(self._text)
        self.finish()
        self.look.clicked.connect(self.look_wanted)
        self.unlock.clicked.connect(self.unlock_wanted)

    def show_looking(self) -> None:
        """The answer is on its way; a keyring can take half a minute."""
        self.state.set_status(status("waiting", self.tr("Asking the keyring…")))
        self.look.setEnabled(False)
        self.unlock.setEnabled(False)

    def show_state(self, state: KeyringState) -> None:
        """Show what was found."""
        word = status("yes", self.tr("Ready")) if state.is_usable else status("no", self.tr("Not usable"))
        self.state.set_status(word)
        self._name.set_text(state.name)
        self._text.set_runs(state.text)
        self._text.setVisible(bool(state.text))
        self.look.setEnabled(True)
        self.unlock.setEnabled(True)
        # Without a name there is nothing that could be unlocked.
        self.unlock.setVisible(not state.is_usable and bool(state.name))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
