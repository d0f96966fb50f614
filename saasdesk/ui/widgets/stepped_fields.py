"""Fields with small arrows: numbers, days, times of day."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractSpinBox, QDateEdit, QSizePolicy, QSpinBox, QTimeEdit, QWidget

from saasdesk.ui.theme import Theme


class NumberField(QSpinBox):
    """A whole number between two limits."""

    def __init__(
        self, theme: Theme, name: str, smallest: int = 0, largest: int = 999_999, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setRange(smallest, largest)
        self.setGroupSeparatorShown(True)
        theme.changed.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + self._theme.px(16), self._theme.measure("control"))

    def _fit(self) -> None:
        _fit(self, self._theme)


class DateField(QDateEdit):
    """A day, also from a calendar."""

    def __init__(self, theme: Theme, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        theme.changed.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + self._theme.px(16), self._theme.measure("control"))

    def _fit(self) -> None:
        _fit(self, self._theme)


class TimeField(QTimeEdit):
    """A time of day."""

    def __init__(self, theme: Theme, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setDisplayFormat("HH:mm")
        theme.changed.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + self._theme.px(16), self._theme.measure("control"))

    def _fit(self) -> None:
        _fit(self, self._theme)


def make_room(field: QAbstractSpinBox, theme: Theme) -> None:
    """Let the text begin where it begins in other fields: a style sheet's padding does not reach it in here."""
    side = theme.measure("field-side")
    field.lineEdit().setTextMargins(side, 0, side, 0)


def _fit(field: QAbstractSpinBox, theme: Theme) -> None:
    make_room(field, theme)
    field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    field.updateGeometry()
