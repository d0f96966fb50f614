"""How far a run is, wherever it is shown: phase, time, a bar, and what was read so far."""

from PySide6.QtWidgets import QWidget

from saasdesk.clock import now
from saasdesk.ui.moments import number
from saasdesk.ui.pages.integrations.run_progress import RunProgress
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.counter import Counter
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar


class ProgressPanel(QWidget):
    """Made once; news touch its texts only."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.phase = PlainLabel("", "secondary", elided=True)
        self.time = PlainLabel("", "secondary", "muted", digits=True)
        self.bar = ProgressBar(theme, self.tr("Progress of the run"))
        words = (self.tr("read"), self.tr("new"), self.tr("changed"), self.tr("same"), self.tr("failed"))
        self.counters = [Counter(theme, "0", word) for word in words]
        upper = Row(theme, gap=8)
        upper.addWidget(self.phase, 1)
        upper.addWidget(self.time)
        numbers = Row(theme, gap=0)
        for counter in self.counters:
            numbers.addWidget(counter, 1)
        column = Column(theme, gap=6)
        column.addLayout(upper)
        column.addWidget(self.bar)
        column.addLayout(numbers)
        column.addStretch(1)
        self.setLayout(column)

    def show_progress(self, progress: RunProgress, vendor: str, clock: float) -> None:
        """Show how far it is now; the clock is the one that the progress was measured with."""
        self.phase.set_text(progress.phase_in_words(vendor, clock, now()))
        self.time.set_text(progress.time_in_words(clock))
        self.time.setToolTip(progress.rate_in_words(clock))
        self.bar.set_share(progress.share)
        for counter, value in zip(self.counters, progress.numbers, strict=True):
            counter.set_number(number(value))
