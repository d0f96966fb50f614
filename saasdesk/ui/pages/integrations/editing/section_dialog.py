"""What the forms of all sections share: a title, a body, what is wrong, Cancel and UPDATE."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from saasdesk.sync.integration import IntegrationDocument
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.careful_dialog import CarefulDialog
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea

_WIDTH = 720

Save = Callable[[IntegrationDocument, Callable[[str], object]], object]
"""Keeps a document in a worker; the second argument hears why it was not kept, or nothing."""


class SectionDialog(CarefulDialog):
    """One section of an integration. `changed_document` makes the document of what is filled in, or says what is wrong.

    The dialog closes once the document is kept.
    """

    def __init__(
        self, theme: Theme, title: str, document: IntegrationDocument, save: Save, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._save = save
        self.document = document
        # Where a problem that names a key of the document is said: beside the field of that key.
        self.places: dict[str, tuple[InlineError, QWidget]] = {}
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(_WIDTH))
        self.body = Column(theme, gap=12, margins=(24, 4, 24, 16))
        content = QWidget()
        content.setLayout(self.body)
        self._banner = Banner(theme, "error")
        self._banner.hide()
        head = Column(theme, gap=8, margins=(24, 20, 24, 8))
        head.addWidget(PlainLabel(title, "section"))
        head.addWidget(self._banner)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.update_button = PrimaryButton(theme, self.tr("UPDATE"), "save")
        self.update_button.clicked.connect(self.try_to_save)
        foot = Row(theme, gap=8, margins=(24, 14))
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.update_button)
        self._scroll = ScrollArea(content)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = Column(theme, gap=0)
        whole.addLayout(head)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)

    def changed_document(self) -> IntegrationDocument:
        """The document with what is filled in; a ValueError says in a sentence what is wrong."""
        raise NotImplementedError

    def has_changes(self) -> bool:
        """Whether what is filled in differs from the document, or is none yet."""
        try:
            return self.changed_document() != self.document
        except ValueError:
            return True

    def try_to_save(self) -> None:
        """Keep what is filled in, or say what is wrong and lose nothing."""
        self._banner.hide()
        for error, _ in self.places.values():
            error.clear()
        try:
            document = self.changed_document()
        except ValueError as problem:
            self.show_problem(str(problem))
            return
        if document == self.document:
            self.accept()
            return
        self.update_button.setEnabled(False)
        self._save(document, self._on_saved)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong: under its field, where the sentence begins with a key of the document, else on top."""
        key, colon, rest = sentence.partition(": ")
        place = self.places.get(key)
        if not (colon and place):
            self._banner.say("error", "", sentence)
            self._banner.show()
            self._scroll.ensureVisible(0, 0)
            return
        error, field = place
        error.show_error(f"{rest[:1].upper()}{rest[1:]}")
        self._banner.say("error", "", self.tr("Nothing is saved yet: one field needs another look."))
        self._banner.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        # The sentence needs its room first.
        QTimer.singleShot(0, error, lambda: self._scroll.ensureWidgetVisible(error))

    def _on_saved(self, problem: str) -> None:
        self.update_button.setEnabled(True)
        if problem:
            self.show_problem(problem)
        else:
            self.accept()


def fit_to_content(dialog: SectionDialog, height: int) -> None:
    """Open it as high as it wants to be, up to what the screen allows."""
    theme = dialog._theme  # noqa: SLF001 - a part of the dialog
    screen = dialog.screen().availableGeometry().height() if dialog.screen() is not None else theme.px(800)
    dialog.resize(theme.px(_WIDTH), min(theme.px(height), screen - theme.px(80)))
