"""The line at the bottom: mode, age of the data, running jobs, where data and keys are."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStatusBar, QWidget

from saasdesk.jobs import Ended, Job, Jobs, Message, Said
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, escaped_tip, visible_text
from saasdesk.ui.widgets.box import area_of, draw_box, draw_focus_ring
from saasdesk.ui.widgets.buttons import IconButton, PaintedButton
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.key_cap import key_cap_size, native_keys, paint_key_cap
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_LOOK_AGAIN_MILLISECONDS = 1000
_WIDEST_NAME = 220


@dataclass(frozen=True, slots=True)
class Mode:
    """What the window works on: the stripe shows the colour, the status bar icon and word."""

    word: str
    icon: str
    token: str


LIVE = Mode("LIVE", "live", "ok")
DEMO = Mode("DEMO", "demo", "demo")
REHEARSAL = Mode("REHEARSAL", "flask", "warn")
NOTHING_OPEN = Mode("", "info", "muted")


def as_of(day: str) -> Mode:
    """Read-only, as everything was on that day."""
    return Mode(f"AS OF {day}", "history", "accent")


# After so long without a word something may be wrong with a job.
STALLED_AFTER_SECONDS = 600.0
# The job that fills the search index, by its name among the others.
INDEXING = "search"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job says about itself: a phrase, and how much of it is done if that is known."""

    text: str
    share: float | None = None
    # For so long it is right that nothing more is heard.
    patience: float = 0.0


class KeyringState(Enum):
    """What is known about the keyring of this computer."""

    UNKNOWN = "unknown"
    UNLOCKED = "unlocked"
    LOCKED = "locked"
    MISSING = "missing"
    WAITING = "waiting"


def age_in_words(seconds: float) -> str:
    """ "just now", "12 min ago", "3 h ago", "2 days ago"."""
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    days = int(seconds // _DAY)
    return "yesterday" if days == 1 else f"{days} days ago"


class _Fact(QWidget):
    """An icon with a word or two."""

    def __init__(self, theme: Theme, icon: str, name: str) -> None:
        super().__init__()
        self._icon = IconLabel(theme, icon)
        self.label = PlainLabel("", "secondary", "muted", elided=True)
        row = Row(theme, gap=6)
        row.addWidget(self._icon)
        row.addWidget(self.label)
        self.setLayout(row)
        self.setObjectName(name)
        self._shown: tuple[str, ...] = ()

    def show_fact(self, text: str, icon: str, tone: str = "muted", role: str = "secondary") -> None:
        if self._shown == (text, icon, tone, role):
            return
        self._shown = (text, icon, tone, role)
        self._icon.set_icon(icon, tone)
        self.label.set_look(role, tone)
        self.label.set_text(text)
        self.setVisible(bool(text))


class JobChip(PaintedButton):
    """The latest running job: icon, name, phase and a bar of 72 px; a click leads to Activity."""

    def __init__(self, theme: Theme, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._name = ""
        self._phase = ""
        self._share: float | None = None
        self._keys = native_keys(shortcut)
        self._step = 0
        self._clock = QTimer(self)
        self._clock.setInterval(60)
        self._clock.timeout.connect(self._on_timeout)
        self.setObjectName("job_chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_job(self, name: str, phase: str, share: float | None) -> None:
        """Show where a job is; an empty name hides the chip."""
        self._name, self._phase, self._share = visible_text(name), visible_text(phase), share
        spoken = ", ".join(part for part in (self._name, self._phase) if part)
        if share is not None:
            spoken += f", {share:.0%}"
        self.setAccessibleName(spoken)
        self.setToolTip(escaped_tip(spoken))
        self.setVisible(bool(name))
        if name and share is None:
            self._clock.start()
        else:
            self._clock.stop()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme
        name = min(QFontMetrics(theme.font("secondary-strong")).horizontalAdvance(self._name), theme.px(_WIDEST_NAME))
        phase = QFontMetrics(theme.font("secondary", tabular=True)).horizontalAdvance(self._phase)
        keys = key_cap_size(theme, self._keys).width() + theme.px(6) if self._keys else 0
        return QSize(theme.px(14 + 6 + 6 + 8 + 72 + 12) + name + phase + keys, theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        if self.has_ring:
            draw_focus_ring(painter, theme, area_of(self), theme.measure("radius-small"))
        elif self.underMouse():
            draw_box(painter, area_of(self), theme.measure("radius-small"), theme.color("hover"))
        x = theme.px(6)
        is_rtl = self.isRightToLeft()

        def place(width: int) -> QRect:
            return QRect(self.width() - x - width if is_rtl else x, 0, width, self.height())

        icon = theme.measure("icon")
        theme.paint_icon(painter, place(icon), "running", "accent")
        x += icon + theme.px(6)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        font = theme.font("secondary-strong")
        width = min(QFontMetrics(font).horizontalAdvance(self._name), theme.px(_WIDEST_NAME))
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        name = QFontMetrics(font).elidedText(self._name, Qt.TextElideMode.ElideRight, width + 1)
        painter.drawText(place(width + 2), flags, name)
        x += width + theme.px(6)
        font = theme.font("secondary", tabular=True)
        width = QFontMetrics(font).horizontalAdvance(self._phase)
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        painter.drawText(place(width + 2), flags, self._phase)
        x += width + theme.px(8)
        self._paint_bar(painter, place(theme.px(72)))
        x += theme.px(72 + 6)
        if self._keys:
            size = key_cap_size(theme, self._keys)
            cap = place(size.width())
            cap.setTop((self.height() - size.height()) // 2)
            cap.setHeight(size.height())
            paint_key_cap(painter, theme, cap, self._keys)

    def _paint_bar(self, painter: QPainter, room: QRect) -> None:
        theme = self._theme
        height = theme.measure("progress")
        bar = QRectF(room.x(), (self.height() - height) / 2, room.width(), height)
        draw_box(painter, bar, height / 2, theme.color("track"))
        filled = QRectF(bar)
        if self._share is None:
            filled.setWidth(bar.width() * 0.3)
            filled.moveLeft(bar.x() + (bar.width() - filled.width()) * abs(self._step / 16 - 1))
        else:
            filled.setWidth(max(height, bar.width() * self._share))
            if self.isRightToLeft():
                filled.moveRight(bar.right())
        draw_box(painter, filled, height / 2, theme.color("accent"))

    def _on_timeout(self) -> None:
        self._step = (self._step + 1) % 32
        self.update()


class StatusBar(QStatusBar):
    """Mode, data age and job at the left, what happens in the middle, database and keyring at the right."""

    def __init__(
        self,
        theme: Theme,
        jobs: Jobs,
        describe: Callable[[object], Progress | None],
        *,
        job_shortcut: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._describe = describe
        self._now = now
        self._clock_of_jobs = clock
        self._heard_at: dict[int, float] = {}
        self._progress: dict[int, Progress] = {}
        # Small work that is over at once is not worth a flash: a job shows when it was begun by the admin, when it says
        # something, or when it is still there at the second look.
        self._announced: set[int] = set()
        self._seen_before: frozenset[int] = frozenset()
        self._read_at: datetime | None = None
        self._says_age = False
        self.setSizeGripEnabled(False)
        self.setAccessibleName(self.tr("Status"))
        self.mode = _Fact(theme, "info", "status_mode")
        self.past = IconButton(theme, "history", self.tr("Look at the past…"), size=24)
        self.past.hide()
        self.age = _Fact(theme, "clock", "status_age")
        self.workflows = _Fact(theme, "paused", "status_workflows")
        self.message = PlainLabel("", "secondary", "muted", elided=True)
        self.message.setObjectName("status_message")
        self.database = _Fact(theme, "database", "status_database")
        self.keyring = _Fact(theme, "lock", "status_keyring")
        self.job_chip = JobChip(theme, job_shortcut)
        self._age_line = Line(theme, upright=True, tone="line-strong", length=14)
        self._job_line = Line(theme, upright=True, tone="line-strong", length=14)
        self._keyring_line = Line(theme, upright=True, tone="line-strong", length=14)
        row = Row(theme, gap=8, margins=(16, 0))
        for widget in (self.mode, self.past, self._age_line, self.age, self.workflows, self._job_line, self.job_chip):
            row.addWidget(widget)
        row.addSpacing(theme.px(8))
        row.addWidget(self.message, 1)
        row.addStretch(0)
        for widget in (self.database, self._keyring_line, self.keyring):
            row.addWidget(widget)
        # Qt's own arrangement keeps a distance above and below that leaves too little for what can be pressed.
        self._line = QWidget(self)
        self._line.setLayout(row)
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_AGAIN_MILLISECONDS)
        self._clock.timeout.connect(self.look_again)
        self._clock.start()
        theme.changed.connect(self._fit)
        self._fit()
        for fact in (self.mode, self.age, self.workflows, self.database, self.keyring):
            fact.hide()
        self.show_jobs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        edge = self._theme.edge
        self._line.setGeometry(0, edge, self.width(), self.height() - edge)

    def set_mode(self, mode: Mode) -> None:
        """Show what the window works on."""
        self.mode.show_fact(mode.word, mode.icon, mode.token, "secondary-strong")
        self._show_lines()

    def offer_past(self, shortcut: str, look: Callable[[], object]) -> None:
        """Beside the mode: the way to another moment."""
        self.past.set_name(self.tr("Look at the past…"), shortcut)
        self.past.clicked.connect(lambda _checked: look())
        self.past.show()

    def set_data_age(self, read_at: datetime | None) -> None:
        """Show how long ago data was last read; None when nothing was read yet."""
        self._says_age = True
        self._read_at = read_at
        self._show_age()

    def set_workflows_paused(self, paused: bool) -> None:
        """Say that no workflow begins and none sends anything; nothing is said while they may."""
        self.workflows.show_fact(self.tr("Workflows paused") if paused else "", "paused", "warn", "secondary-strong")
        self._show_lines()

    def set_database(self, text: str) -> None:
        """Say where the data is."""
        self.database.show_fact(text, "database")
        self._show_lines()

    def set_keyring(self, state: KeyringState, name: str = "") -> None:
        """Say whether keys can be used, and by which keyring."""
        words = {
            KeyringState.UNKNOWN: "",
            KeyringState.UNLOCKED: self.tr("Keyring unlocked"),
            KeyringState.LOCKED: self.tr("Keyring locked"),
            KeyringState.MISSING: self.tr("No keyring"),
            KeyringState.WAITING: self.tr("Waiting for the keyring"),
        }[state]
        looks = {
            KeyringState.UNLOCKED: ("lock", "muted"),
            KeyringState.LOCKED: ("lock", "warn"),
            KeyringState.MISSING: ("warning", "error"),
            KeyringState.WAITING: ("hourglass", "warn"),
        }
        icon, tone = looks.get(state, ("lock", "muted"))
        self.keyring.show_fact(f"{words} · {name}" if words and name else words, icon, tone)
        self._show_lines()

    def say(self, text: str) -> None:
        """Show a line in the free middle."""
        self.message.set_text(text)

    def hear(self, message: Message) -> None:
        """Take in what a job says."""
        match message:
            case Said(job=job, news=news):
                self._heard_at[job.number] = self._clock_of_jobs()
                progress = self._describe(news)
                if progress is not None:
                    self._progress[job.number] = progress
                    self._announced.add(job.number)
            case Ended(job=job):
                self._progress.pop(job.number, None)
                self._heard_at.pop(job.number, None)
                self._announced.discard(job.number)
        self.show_jobs()

    def announce(self, job: Job) -> None:
        """Show a job that was just begun."""
        self._announced.add(job.number)
        self.show_jobs()

    def shown_jobs(self) -> tuple[Job, ...]:
        """The running jobs that the admin knows of."""
        return tuple(job for job in self._jobs.running() if job.number in self._announced)

    def jobs_to_lose(self) -> tuple[Job, ...]:
        """The jobs that end half done if the program ends now; the search index goes on where it was, next time."""
        return tuple(job for job in self.shown_jobs() if job.about != INDEXING)

    def mark_cancelling(self, job: Job) -> None:
        """Say that a job was asked to stop."""
        self._progress[job.number] = Progress(self.tr("cancelling after this request…"))
        self.show_jobs()

    def show_jobs(self) -> None:
        """Show the latest job that runs, and how many others there are."""
        running = self.shown_jobs()
        if running:
            latest = running[-1]
            progress = self._progress.get(latest.number, Progress(""))
            name = latest.name if len(running) == 1 else f"{latest.name} +{len(running) - 1}"
            text = self.tr("stalled") if self._is_stalled(latest, progress) else progress.text
            self.job_chip.show_job(name, text, progress.share)
        else:
            self.job_chip.show_job("", "", None)
        self._show_lines()

    def _is_stalled(self, job: Job, progress: Progress) -> bool:
        """Whether nothing was heard of a job for so long that something may be wrong with it."""
        now = self._clock_of_jobs()
        silent = now - self._heard_at.setdefault(job.number, now)
        return silent > STALLED_AFTER_SECONDS + progress.patience

    def look_again(self) -> None:
        """Once a second: jobs that began elsewhere, and how old the data is now."""
        running = frozenset(job.number for job in self._jobs.running())
        self._announced = (self._announced & running) | (self._seen_before & running)
        self._seen_before = running
        self.show_jobs()
        self._show_age()

    def job_menu(self, cancel: Callable[[Job], object]) -> QMenu:
        """The running jobs, each with its cancel; shown where there is no Activity page."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for job in self.shown_jobs():
            action = menu.addAction(self.tr("Cancel “{0}”").format(escaped_ampersands(visible_text(job.name))))
            action.triggered.connect(partial(_without_checked, cancel, job))
        return menu

    def _show_age(self) -> None:
        if not self._says_age:
            text = ""
        elif self._read_at is None:
            text = self.tr("No data read yet")
        else:
            text = self.tr("Data read {0}").format(age_in_words((self._now() - self._read_at).total_seconds()))
            self.age.setToolTip(self._read_at.astimezone().strftime("%Y-%m-%d %H:%M:%S"))
        self.age.show_fact(text, "clock")
        self._show_lines()

    def _show_lines(self) -> None:
        shows = [not fact.isHidden() for fact in (self.mode, self.age, self.job_chip)]
        self._age_line.setVisible(shows[0] and shows[1])
        self._job_line.setVisible((shows[0] or shows[1]) and shows[2])
        self._keyring_line.setVisible(not self.database.isHidden() and not self.keyring.isHidden())

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.measure("status-bar"))


def _without_checked(cancel: Callable[[Job], object], job: Job, _checked: object) -> None:
    cancel(job)
