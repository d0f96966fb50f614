"""When something runs: every so often, daily, weekly, monthly; where, when not, and the next five runs."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

from pydantic import ValidationError
from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from saasdesk.schedule import OddSlot, Schedule, next_slot, odd_slots
from saasdesk.ui.formats import day_text
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.hours_field import HoursField
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.stepped_fields import NumberField, TimeField
from saasdesk.ui.widgets.tag import Tag
from saasdesk.ui.widgets.type_ahead import TypeAhead

_NEXT_RUNS = 5
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# How many of a unit at first, and at most; fewer than can be are refused with a sentence, not silently.
_COUNTS = {"minute": (30, 1440), "hour": (6, 24)}


class ScheduleForm(QWidget):
    """Shows at once what a change means: the next five runs."""

    changed = Signal()

    def __init__(self, theme: Theme, schedule: Schedule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tags: list[Tag] = []
        self.body = Column(theme, gap=12)
        self.setLayout(self.body)
        self._build(schedule)
        self._every = self._unit
        self._connect()
        self._show_kind()
        self._show_next()
        self.setFocusProxy(self.every)

    def _build(self, schedule: Schedule) -> None:
        theme = self._theme
        grid = FormGrid(theme, label_width=136, gap=12)
        grid.add_field(self.tr("Runs"), self._build_every(schedule))
        self.at = TimeField(theme, self.tr("At"))
        self.at.setTime(QTime.fromString(schedule.at, "HH:mm"))
        grid.add_field(self.tr("At"), self.at)
        grid.add_field(self.tr("On"), self._build_days(schedule))
        self.day = NumberField(theme, self.tr("Day of the month"), 1, 31)
        self.day.setValue(schedule.day_of_month)
        grid.add_field(
            self.tr("Day of the month"), self.day, self.tr("In months that are shorter it runs on their last day.")
        )
        self.zone = QComboBox()
        self.zone.setEditable(True)
        self.zone.addItem(self.tr("This computer's time zone"), "")
        for name in sorted(available_timezones()):
            self.zone.addItem(name, name)
        self.zone.setCurrentIndex(max(0, self.zone.findData(schedule.timezone or "")))
        self.zone.setCompleter(TypeAhead(self.zone.model(), self))
        grid.add_field(self.tr("Time zone"), self.zone)
        grid.add_field(self.tr("Quiet time"), self._build_quiet(schedule))
        self._grid = grid
        self.body.addLayout(grid)
        self._next_title = PlainLabel("", "heading", "muted")
        self.body.addWidget(self._next_title)
        self._next = Flow(theme, gap=6)
        self.body.addWidget(self._next)
        self.odd = Paragraph(theme, role="secondary", tone="warn")
        self.odd.hide()
        self.body.addWidget(self.odd)
        self.body.addWidget(
            PlainLabel(self.tr("A run that was missed is caught up once, at the next start."), "secondary", "muted")
        )

    def _build_every(self, schedule: Schedule) -> QWidget:
        count, _, units = schedule.every.rpartition(" ")
        self.every = QComboBox()
        self.every.setAccessibleName(self.tr("Runs"))
        for unit, words in (
            ("minute", self.tr("Every so many minutes")),
            ("hour", self.tr("Every so many hours")),
            ("day", self.tr("Every day")),
            ("week", self.tr("Every week")),
            ("month", self.tr("Every month")),
        ):
            self.every.addItem(words, unit)
        self.every.setCurrentIndex(max(0, self.every.findData(units.removesuffix("s"))))
        self.count = NumberField(self._theme, self.tr("How many"), 1, _COUNTS.get(self._unit, _COUNTS["minute"])[1])
        self.count.setGroupSeparatorShown(False)
        self.count.setValue(int(count or 1))
        row = Row(self._theme, gap=8)
        row.addWidget(self.every)
        row.addWidget(self.count)
        row.addStretch(1)
        self._counting = Paragraph(
            self._theme,
            self.tr("Minutes and hours are counted from midnight, every day anew; 15 minutes are the shortest."),
            role="secondary",
            tone="muted",
        )
        column = Column(self._theme, gap=4)
        column.addLayout(row)
        column.addWidget(self._counting)
        box = QWidget()
        box.setLayout(column)
        box.setFocusProxy(self.every)
        return box

    @property
    def _unit(self) -> str:
        return str(self.every.currentData())

    def _build_days(self, schedule: Schedule) -> QWidget:
        row = Row(self._theme, gap=4)
        words = (
            self.tr("Mon"), self.tr("Tue"), self.tr("Wed"), self.tr("Thu"), self.tr("Fri"), self.tr("Sat"),
            self.tr("Sun"),
        )  # fmt: skip
        self.days: dict[str, QCheckBox] = {}
        chosen = schedule.days or (("monday",) if schedule.every == "week" else _DAYS)
        for day, word in zip(_DAYS, words, strict=True):
            box = QCheckBox(word)
            box.setAccessibleName(day.capitalize())
            box.setChecked(day in chosen)
            self.days[day] = box
            row.addWidget(box)
        row.addStretch(1)
        self._days_box = QWidget()
        self._days_box.setLayout(row)
        return self._days_box

    def _build_quiet(self, schedule: Schedule) -> HoursField:
        begin, end = schedule.not_between or ("08:00", "18:00")
        ticked = schedule.not_between is not None
        self.quiet = HoursField(self._theme, self.tr("Not between"), begin, end, ticked=ticked)
        return self.quiet

    def _connect(self) -> None:
        self.every.currentIndexChanged.connect(self._on_every)
        for signal in (
            self.every.currentIndexChanged,
            self.count.valueChanged,
            self.at.timeChanged,
            self.day.valueChanged,
            self.zone.currentTextChanged,
            self.quiet.changed,
            *(box.toggled for box in self.days.values()),
        ):
            signal.connect(self._on_changed)

    def _on_every(self) -> None:
        """A week begins with one day of it; whatever else, with all of them. A unit begins with a usual number."""
        every = self._unit
        if every in _COUNTS and every != self._every:
            usual, most = _COUNTS[every]
            self.count.setMaximum(most)
            self.count.setValue(usual)
        if (every == "week") != (self._every == "week"):
            for day, box in self.days.items():
                box.setChecked(every != "week" or day == _DAYS[0])
        self._every = every

    def _on_changed(self) -> None:
        self._show_kind()
        self._show_next()
        self.changed.emit()

    def _show_kind(self) -> None:
        every = self._unit
        self._grid.set_shown(self.at, shown=every not in _COUNTS)
        self.count.setVisible(every in _COUNTS)
        self._counting.setVisible(every in _COUNTS)
        self._grid.set_shown(self._days_box, shown=every != "month")
        self._grid.set_shown(self.day, shown=every == "month")

    @property
    def next_runs(self) -> tuple[str, ...]:
        """What is said of the next runs, or of why there are none."""
        return tuple(tag.text() for tag in self._tags)

    @property
    def next_slots(self) -> tuple[datetime, ...]:
        """The moments of the next runs, in UTC; none where it never runs."""
        try:
            schedule = self.schedule()
        except ValueError:
            return ()
        slots = [next_slot(schedule, datetime.now(UTC))]
        while len(slots) < _NEXT_RUNS:
            slots.append(next_slot(schedule, slots[-1]))
        return tuple(slots)

    def schedule(self) -> Schedule:
        """What is filled in; a ValueError says what is wrong with it."""
        every = self._unit
        ticked = tuple(day for day, box in self.days.items() if box.isChecked())
        if not ticked and every != "month":
            raise ValueError(self.tr("Tick at least one day of the week."))
        is_any_day = every == "month" or (every != "week" and len(ticked) == len(_DAYS))
        text = self.zone.currentText().strip()
        index = self.zone.findText(text, Qt.MatchFlag.MatchFixedString)
        zone = str(self.zone.itemData(index)) if index >= 0 else text
        try:
            return Schedule(
                every=f"{self.count.value()} {every}s" if every in _COUNTS else every,
                at=self.at.time().toString("HH:mm"),
                timezone=zone or None,
                days=() if is_any_day else ticked,
                day_of_month=self.day.value(),
                not_between=self.quiet.hours if self.quiet.on.isChecked() else None,
            )
        except ValidationError as error:
            sentence = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise ValueError(f"{sentence[0].upper()}{sentence[1:]}.") from None

    def _show_next(self) -> None:
        for tag in self._tags:
            self._next.take(tag)
        self._tags = []
        self.odd.hide()
        self._next_title.set_text(self.tr("Next runs"))
        try:
            schedule = self.schedule()
        except ValueError as problem:
            self._add_tag(str(problem), "warn", "warning")
            return
        if schedule.timezone is not None:
            self._next_title.set_text(self.tr("Next runs, in this computer's time"))
        odd = [self._in_words(each, schedule) for each in odd_slots(schedule, datetime.now(UTC))]
        self.odd.set_runs(" ".join(odd))
        self.odd.setVisible(bool(odd))
        for place, slot in enumerate(self.next_slots):
            self._add_tag(day_of_slot(slot), "accent" if place == 0 else "neutral")

    def _in_words(self, odd: OddSlot, schedule: Schedule) -> str:
        day = f"{odd.day.day} {odd.day:%b %Y}"
        if odd.is_skipped:
            words = self.tr("On {0} the clocks skip {1}: that run begins at {2}.")
            return words.format(day, schedule.at, f"{odd.moment.astimezone(schedule.zone):%H:%M}")
        return self.tr("On {0} the clocks show {1} twice: it runs the first time.").format(day, schedule.at)

    def _add_tag(self, words: str, kind: str, icon: str = "") -> None:
        tag = Tag(self._theme, words, kind, icon)
        self._next.insert(len(self._tags), tag)
        self._tags.append(tag)


def day_of_slot(moment: datetime) -> str:
    """ "Sun 23 Nov 02:00", for a list of coming slots."""
    local = moment.astimezone()
    return f"{day_text(local.date(), with_year=False, weekday=True)} {local:%H:%M}"
