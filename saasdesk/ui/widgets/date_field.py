"""A day as people type it: year-month-day, or nothing."""

from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget


class DateField(QLineEdit):
    """A field that may stay empty."""

    def __init__(self, day: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(day.isoformat() if day is not None else "", parent)
        self.setPlaceholderText(self.tr("2027-03-31, or empty"))

    @property
    def day(self) -> date | None:
        """What was entered; None where nothing was, or nothing that is a day."""
        try:
            return date.fromisoformat(self.text().strip())
        except ValueError:
            return None

    def problem(self, *, may_have_passed: bool = False) -> str:
        """What is wrong with it; empty when nothing is."""
        if not self.text().strip():
            return ""
        if self.day is None:
            return self.tr("Write the date as year-month-day, such as 2027-03-31.")
        if self.day < date.today() and not may_have_passed:  # noqa: DTZ011 - the admin's own calendar
            return self.tr("This day has passed. Make a new key, or correct the date.")
        return ""
