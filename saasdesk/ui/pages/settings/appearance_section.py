"""How the window looks, and how it writes numbers and days: both act at once."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QSignalBlocker, QTimeZone, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

from saasdesk import clock
from saasdesk.settings import Settings
from saasdesk.ui.formats import choose_formats
from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.theme import Theme, ThemeMode
from saasdesk.ui.theme.theme import ZOOM_STEPS
from saasdesk.ui.widgets.layouts import at_left
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.quiet_label import label_quietly
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl


class AppearanceSection(Section):
    """Acts at once; `chosen` names a look that menus and keys choose too, and its value."""

    chosen = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate("Settings", "How this window looks. Every choice acts at once.")
        super().__init__(theme, QCoreApplication.translate("Settings", "Appearance"), about)
        self.look = SegmentedControl(
            theme,
            self.tr("Colours"),
            [
                Choice(ThemeMode.SYSTEM.value, self.tr("System")),
                Choice(ThemeMode.LIGHT.value, self.tr("Light")),
                Choice(ThemeMode.DARK.value, self.tr("Dark")),
            ],
            theme.mode.value,
        )
        self.zoom = QComboBox()
        for step in ZOOM_STEPS:
            self.zoom.addItem(self.tr("{0} %").format(step), step)
        self.density = SegmentedControl(
            theme,
            self.tr("Rows"),
            [Choice("comfortable", self.tr("Comfortable")), Choice("compact", self.tr("Compact"))],
        )
        self.motion = SegmentedControl(
            theme, self.tr("Motion"), [Choice("system", self.tr("System")), Choice("reduced", self.tr("Reduced"))]
        )
        grid = section_grid(theme)
        grid.add_value(self.tr("Colours"), at_left(theme, self.look))
        grid.add_value(self.tr("Size"), at_left(theme, self.zoom))
        self.fields.add(grid, "density", self.tr("Rows"), self.density)
        self.fields.add(grid, "motion", self.tr("Motion"), self.motion)
        label_quietly(self.zoom, self.tr("Size"), self)
        self.body.addLayout(grid)
        self.finish()
        self.look.chosen.connect(self._on_look_chosen)
        self.zoom.currentIndexChanged.connect(self._on_zoom_chosen)
        self.density.chosen.connect(self._on_density_chosen)
        self.motion.chosen.connect(self._on_motion_chosen)
        theme.changed.connect(self._show_theme)
        self._show_theme()

    def _show_theme(self) -> None:
        with QSignalBlocker(self.look):
            self.look.set_current(self._theme.mode.value)
        with QSignalBlocker(self.zoom):
            nearest = min(range(len(ZOOM_STEPS)), key=lambda place: abs(ZOOM_STEPS[place] - self._theme.zoom))
            self.zoom.setCurrentIndex(nearest)

    def _on_look_chosen(self, mode: str) -> None:
        self._theme.mode = ThemeMode(mode)
        self.chosen.emit("theme", mode)

    def _on_zoom_chosen(self) -> None:
        percent: int = self.zoom.currentData()
        self._theme.zoom = percent
        self.chosen.emit("zoom", str(percent))

    def _on_density_chosen(self, density: str) -> None:
        self._theme.is_compact = density == "compact"

    def _on_motion_chosen(self, motion: str) -> None:
        self._theme.reduces_motion = motion == "reduced"


class FormatsSection(Section):
    """Numbers, days and the time zone; what stands on a page already is written anew when the page is read again."""

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate(
            "Settings", "How the window writes what it shows. Files, the shell and the database always write the same."
        )
        super().__init__(theme, QCoreApplication.translate("Settings", "Formats"), about)
        self.numbers = QComboBox()
        self.numbers.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for key, text in (
            ("system", self.tr("As this computer does")),
            ("1,234.56", "1,234.56"),
            ("1.234,56", "1.234,56"),
            ("1 234,56", "1 234,56"),
        ):
            self.numbers.addItem(text, key)
        self.dates = SegmentedControl(
            theme,
            self.tr("Days"),
            [Choice("words", "30 Nov 2026"), Choice("iso", "2026-11-30"), Choice("day-first", "30/11/2026")],
        )
        self.zone = PlainLabel(zone_in_words(), elided=True)
        grid = section_grid(theme)
        self.fields.add(grid, "numbers", self.tr("Numbers"), self.numbers)
        self.fields.add(grid, "dates", self.tr("Days"), self.dates)
        grid.add_value(self.tr("Time zone"), self.zone)
        self.body.addLayout(grid)
        self.body.addWidget(
            Paragraph(
                theme,
                self.tr("Times are shown in this computer's zone and kept in UTC. A schedule has a zone of its own."),
                role="secondary",
                tone="muted",
            )
        )
        self.finish()
        self.numbers.activated.connect(lambda _row: self._write_like_this())
        self.dates.chosen.connect(lambda _choice: self._write_like_this())

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.zone.set_text(zone_in_words())

    def _write_like_this(self) -> None:
        choose_formats(str(self.numbers.currentData()), self.dates.current)
        # Lists that are made already are drawn anew.
        self._theme.changed.emit()


def zone_in_words() -> str:
    """ "Europe/Berlin, UTC+01:00 now"."""
    moment = clock.now().astimezone()
    zone = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return QCoreApplication.translate("Settings", "{0}, UTC{1} now").format(zone or moment.tzname(), _offset(moment))


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:]}"
