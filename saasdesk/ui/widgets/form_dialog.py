"""A form in a window of its own: a title, what is wrong, the fields, Cancel and one button that keeps them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.careful_dialog import CarefulDialog
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.scroll_area import ScrollArea


class FormDialog(CarefulDialog):
    """Fill `body`; whoever keeps what was entered closes the dialog, or says what is wrong."""

    def __init__(
        self, theme: Theme, title: str, keep: str, *, width: int = 560, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(min(theme.px(width), self.screen().availableGeometry().width() - theme.px(16)))
        self.banner = Banner(theme, "error")
        self.banner.hide()
        self.body = Column(theme, gap=12, margins=(24, 4, 24, 16))
        self.fields = QWidget()
        self.fields.setLayout(self.body)
        self._scroll = ScrollArea(self.fields)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.heading = PlainLabel(title, "section", elided=True)
        head = Column(theme, gap=8, margins=(24, 20, 24, 8))
        head.addWidget(self.heading)
        head.addWidget(self.banner)
        self.busy_bar = ProgressBar(theme, self.tr("Working"), 72)
        self.busy_bar.set_share(None)
        self.busy_text = PlainLabel("", "secondary", "muted", elided=True)
        self.cancel = OutlinedButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.keep = PrimaryButton(theme, keep, icon)
        self.keep.setDefault(True)
        self.foot = Row(theme, gap=8, margins=(24, 14))
        self.foot.addWidget(self.busy_bar)
        self.foot.addWidget(self.busy_text, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.cancel)
        self.foot.addWidget(self.keep)
        whole = Column(theme, gap=0)
        whole.addLayout(head)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(self.foot)
        self.setLayout(whole)
        self.set_busy("")

    def fit(self, height: int) -> None:
        """Open it this high, as far as the screen allows."""
        room = self.screen().availableGeometry().height() - self._theme.px(80)
        self.resize(self.minimumWidth(), min(self._theme.px(height), room))

    def set_busy(self, doing: str) -> None:
        """Say what is going on, and let nothing be changed meanwhile; empty when it is over."""
        self.busy_bar.setVisible(bool(doing))
        self.busy_text.setVisible(bool(doing))
        self.busy_text.set_text(doing)
        self.fields.setEnabled(not doing)
        self.keep.setEnabled(not doing)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong above the fields, which stay as they are."""
        self.set_busy("")
        self.banner.say("error", "", sentence)
        self.banner.show()
        self._scroll.ensureVisible(0, 0)

    def clear_problem(self) -> None:
        """Nothing is wrong any more."""
        self.banner.hide()
