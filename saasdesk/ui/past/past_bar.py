"""The strip above the pages that says: this is the past, and how to get out of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.past.moment_slider import MomentSlider
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column


class PastBar(QWidget):
    """Stands above every page while the past is shown."""

    back_wanted = Signal()
    other_wanted = Signal()
    comparison_wanted = Signal()

    def __init__(self, theme: Theme, moment: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.compare = OutlinedButton(theme, self.tr("Compare with now"))
        self.other = OutlinedButton(theme, self.tr("Another moment…"))
        self.back = PrimaryButton(theme, self.tr("Back to the present"))
        self.banner = Banner(
            theme,
            "info",
            self.tr("As of {0}.").format(moment),
            self.tr("Lists, records, reports and exports show that moment; nothing can be changed."),
            buttons=(self.compare, self.other, self.back),
            icon="history",
        )
        self.slider = MomentSlider(theme)
        self.slider.hide()
        column = Column(theme, gap=4, margins=(24, 8, 24, 0))
        column.addWidget(self.banner)
        column.addWidget(self.slider)
        self.setLayout(column)
        self.other.clicked.connect(self.other_wanted)
        self.compare.clicked.connect(self.comparison_wanted)
        self.back.clicked.connect(self.back_wanted)
