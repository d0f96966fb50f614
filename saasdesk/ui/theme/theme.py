"""The look in use: its colours, fonts, sizes and icons, and how to change it while the window is open."""

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from saasdesk.ui.theme.icons import app_icon_path, draw_icon, draw_picture, tinted_svg
from saasdesk.ui.theme.palette import make_palette
from saasdesk.ui.theme.style_sheet import make_style_sheet
from saasdesk.ui.theme.tokens import load_tokens

SMALLEST_ZOOM, LARGEST_ZOOM = 80, 200
ZOOM_STEPS = (80, 90, 100, 110, 125, 150, 175, 200)


class ThemeMode(StrEnum):
    """Which of the two looks is wanted."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Dresses the application, and tells widgets that paint themselves what to paint with.

    Sizes are given as at 100 % and come back zoomed. `changed` comes after the application has been dressed again.

    With `by_window` the style sheet is that of the windows handed to `dress`, and of all that opens from them. Under
    one of the application Qt goes through everything in a widget whenever it gets a parent: each part of a page as
    often as it lies deep, and the page takes a third longer to build.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        mode: ThemeMode | str = ThemeMode.SYSTEM,
        zoom: int = 100,
        *,
        by_window: bool = False,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._is_by_window = by_window
        self._windows: dict[int, QWidget] = {}
        self._sheet = ""
        self._tokens = load_tokens()
        self._mode = ThemeMode(mode)
        self._zoom = _within_limits(zoom)
        self._wanted_contrast: bool | None = None
        self._is_high_contrast = False
        self._colors: dict[str, str] = {}
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}
        self._icon_files = QTemporaryDir()
        self._family = self._choose_family()
        self._is_dressing = False
        self._is_compact = False
        # Whether what moves by itself stands still.
        self.reduces_motion = False
        app.setStyle("Fusion")
        app.setWindowIcon(QIcon(str(app_icon_path())))
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        # Since Qt 6.10; before that nobody tells us.
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        self._dress()

    def dress(self, window: QWidget) -> None:
        """Give a window the style sheet, now and after each change, where the application has none."""
        if self._is_by_window:
            number = id(window)
            self._windows[number] = window
            window.destroyed.connect(lambda: self._windows.pop(number, None))
            window.setStyleSheet(self._sheet)

    @property
    def mode(self) -> ThemeMode:
        """System, light or dark."""
        return self._mode

    @mode.setter
    def mode(self, mode: ThemeMode | str) -> None:
        self._mode = ThemeMode(mode)
        self._dress()

    @property
    def zoom(self) -> int:
        """Percent, 80 to 200."""
        return self._zoom

    @zoom.setter
    def zoom(self, percent: int) -> None:
        self._zoom = _within_limits(percent)
        self._dress()

    @property
    def is_compact(self) -> bool:
        """Whether the rows of every list are low."""
        return self._is_compact

    @is_compact.setter
    def is_compact(self, wanted: bool) -> None:
        if wanted != self._is_compact:
            self._is_compact = wanted
            self.changed.emit()

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are shown; a desktop that does not say counts as light."""
        if self._mode is ThemeMode.SYSTEM:
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode is ThemeMode.DARK

    @property
    def high_contrast(self) -> bool:
        """Whether tints are dropped and every edge is drawn strongly."""
        return self._is_high_contrast

    @high_contrast.setter
    def high_contrast(self, wanted: bool | None) -> None:
        """None follows the desktop."""
        self._wanted_contrast = wanted
        self._dress()

    def color(self, token: str) -> QColor:
        """The colour that a token has now."""
        return QColor(self._colors[token])

    def px(self, pixels: float) -> int:
        """So many pixels at 100 %, at the present zoom."""
        return round(pixels * self._zoom / 100)

    def measure(self, name: str) -> int:
        """A measure of tokens.json at the present zoom."""
        if name == "edge":
            return self.edge
        if name == "row" and self._is_compact:
            name = "row-compact"
        return self.px(self._tokens.measures[name])

    @property
    def edge(self) -> int:
        """The width of a line round something."""
        return self.px(self._tokens.contrast_edge if self.high_contrast else 1) or 1

    def font(self, role: str = "body", *, tabular: bool = False) -> QFont:
        """The font of a text role; tabular gives every digit the same width, for columns of numbers."""
        text_role = self._tokens.text_roles[role]
        font = QFont(self._family)
        font.setPointSizeF(text_role.points * self._zoom / 100)
        font.setWeight(QFont.Weight(text_role.weight))
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def line_height(self, role: str = "body") -> int:
        """How far the lines of a text role are apart."""
        return self.px(self._tokens.text_roles[role].line)

    def pixmap(self, name: str, token: str, size: float = 14, ratio: float = 1.0) -> QPixmap:
        """An icon in a token's colour."""
        key = (name, self._colors[token], self.px(size), ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = draw_icon(name, self.color(token), self.px(size), ratio)
        return self._pixmaps[key]

    def icon(self, name: str, token: str = "text", size: float = 14) -> QIcon:  # noqa: S107 - the name of a colour
        """An icon for Qt's own widgets, grey when they are disabled; ask again after `changed`."""
        icon = QIcon()
        for ratio in (1.0, 2.0):
            icon.addPixmap(self.pixmap(name, token, size, ratio), QIcon.Mode.Normal)
            icon.addPixmap(self.pixmap(name, token, size, ratio), QIcon.Mode.Selected)
            icon.addPixmap(self.pixmap(name, "disabled", size, ratio), QIcon.Mode.Disabled)
        return icon

    def paint_icon(self, painter: QPainter, area: QRect, name: str, token: str, size: float = 14) -> None:
        """Draw an icon in the middle of an area."""
        pixmap = self.pixmap(name, token, size, painter.device().devicePixelRatioF())
        side = self.px(size)
        painter.drawPixmap(area.x() + (area.width() - side) // 2, area.y() + (area.height() - side) // 2, pixmap)

    def picture(self, name: str, width: int, height: int, ratio: float = 1.0) -> QPixmap:
        """One of the larger drawings of resources/pictures."""
        return draw_picture(name, self._colors, QSize(self.px(width), self.px(height)), ratio)

    def _dress(self) -> None:
        self._is_dressing = True
        hints = self._app.styleHints()
        # Title bars of some desktops follow this; the palette does not, so it is set as well.
        match self._mode:
            case ThemeMode.SYSTEM:
                hints.unsetColorScheme()
            case ThemeMode.LIGHT:
                hints.setColorScheme(Qt.ColorScheme.Light)
            case ThemeMode.DARK:
                hints.setColorScheme(Qt.ColorScheme.Dark)
        # Asked for with every line that is drawn: kept, because the desktop's answer takes a while.
        self._is_high_contrast = self._wants_contrast()
        self._colors = self._tokens.colors(dark=self.is_dark, high_contrast=self.high_contrast)
        self._pixmaps.clear()
        self._app.setFont(self.font())
        self._app.setPalette(make_palette(self._colors))
        self._sheet = make_style_sheet(
            self._colors, self._tokens.text_roles, self._sheet_px, self._points, self._icon_file
        )
        self._app.setStyleSheet("" if self._is_by_window else self._sheet)
        for window in self._windows.values():
            window.setStyleSheet(self._sheet)
        self._is_dressing = False
        self.changed.emit()

    def _wants_contrast(self) -> bool:
        if self._wanted_contrast is not None:
            return self._wanted_contrast
        hints = self._app.styleHints()
        return hasattr(hints, "accessibility") and (
            hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        )

    def _on_system_changed(self) -> None:
        if not self._is_dressing:
            self._dress()

    def _sheet_px(self, pixels: int) -> int:
        return self.edge if pixels == 1 else self.px(pixels)

    def _points(self, points: float) -> float:
        return points * self._zoom / 100

    def _icon_file(self, name: str, token: str) -> str:
        # A style sheet takes pictures from files only, and they must already have their colour.
        color = self.color(token)
        path = Path(self._icon_files.filePath(f"{name}-{color.name().removeprefix('#')}.svg"))
        if not path.exists():
            path.write_text(tinted_svg(name, color), "utf-8")
        return path.as_posix()

    def _choose_family(self) -> str:
        wanted = self._tokens.family
        return wanted if wanted in QFontDatabase.families() else self._app.font().family()


def zoom_step(percent: int, steps: int) -> int:
    """The size one step larger (1) or smaller (-1) than this one."""
    nearest = min(range(len(ZOOM_STEPS)), key=lambda index: abs(ZOOM_STEPS[index] - percent))
    return ZOOM_STEPS[max(0, min(len(ZOOM_STEPS) - 1, nearest + steps))]


def _within_limits(percent: int) -> int:
    return max(SMALLEST_ZOOM, min(LARGEST_ZOOM, percent))
