"""Something that takes its time before there is a window: how far it is, and a way to go on without the rest."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog

from saasdesk.errors import Cancelled
from saasdesk.jobs import Ended, Jobs, Message, Tell
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar

_WIDTH = 480


class Patience(QDialog):
    """Begin it with `wait_for`."""

    def __init__(self, theme: Theme, title: str, text: str, skip: str) -> None:
        super().__init__()
        self.setWindowTitle("saasdesk")
        self.setMinimumWidth(theme.px(_WIDTH))
        self._stop = threading.Event()
        self._loop = QEventLoop(self)
        self._error: BaseException | None = None
        self.bar = ProgressBar(theme, title)
        self.bar.set_share(0)
        self.skip = OutlinedButton(theme, skip)
        self.skip.clicked.connect(self._give_up)
        foot = Row(theme, gap=12)
        foot.addWidget(self.bar, 1)
        foot.addWidget(self.skip)
        column = Column(theme, gap=12, margins=(24, 20))
        column.addWidget(PlainLabel(title, "section"))
        column.addWidget(Paragraph(theme, text))
        column.addLayout(foot)
        self.setLayout(column)

    def wait_for(self, work: Callable[[Callable[[float], None], threading.Event], None]) -> None:
        """Do `work(tell, stop)` in a thread and show how far it is; returns when it is through or was skipped."""
        bridge = Bridge()
        jobs = Jobs(bridge.listener)
        bridge.heard.connect(self._on_heard)

        def job(tell: Tell, stop: threading.Event) -> None:
            del stop
            work(tell, self._stop)

        self.show()
        jobs.start(job, self.windowTitle())
        self._loop.exec()
        jobs.stop_all()
        self.hide()
        if self._error is not None and not isinstance(self._error, Cancelled):
            raise self._error

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        # It goes when the work has stopped.
        self._give_up()
        event.ignore()

    def _give_up(self) -> None:
        self._stop.set()
        self.skip.setEnabled(False)

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended):
            self._error = message.error
            self._loop.quit()
        elif isinstance(message.news, float):
            self.bar.set_share(message.news)
