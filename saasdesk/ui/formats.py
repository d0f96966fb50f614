"""How the window writes numbers and days: as the desktop does, or as an admin chose in the settings."""

import re
from datetime import date

from PySide6.QtCore import QDate, QLocale

# A locale that writes numbers in this way; only its numbers are used.
_NUMBERS = {
    "1,234.56": QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom),
    "1.234,56": QLocale(QLocale.Language.German, QLocale.Country.Germany),
    "1 234,56": QLocale(QLocale.Language.Polish, QLocale.Country.Poland),
}
# With the year, and without it.
_DAYS = {
    "words": ("d MMM yyyy", "d MMM"),
    "iso": ("yyyy-MM-dd", "MM-dd"),
    "day-first": ("dd/MM/yyyy", "dd/MM"),
}

# A day by itself, no part of an id, of an address or of the name of a file ("Seats 2026-11-30 093000.csv").
_DAY = re.compile(r"(?<![\w/.-])\d{4}-\d{2}-\d{2}(?![\w/-]| \d{6})")


class _Chosen:
    """What was chosen; the window has one way of writing."""

    days = "words"
    # Whose names the months have; None is the locale of the numbers.
    language: QLocale | None = None


def choose_formats(numbers: str, dates: str) -> None:
    """Write numbers and days like this from now on, in everything that is written anew."""
    QLocale.setDefault(_NUMBERS.get(numbers) or _desktops())
    _Chosen.days, _Chosen.language = dates, _desktops() if numbers in _NUMBERS else None


def _desktops() -> QLocale:
    """A desktop without a language would have numbers without separators, in which millions are hard to read."""
    system = QLocale.system()
    return _NUMBERS["1,234.56"] if system.language() == QLocale.Language.C else system


def day_text(day: date, *, with_year: bool = True, weekday: bool = False) -> str:
    """30 Nov 2026, 2026-11-30 or 30/11/2026; the names of the months are the desktop's."""
    pattern = _DAYS[_Chosen.days][0 if with_year else 1]
    locale = _Chosen.language or QLocale()
    return locale.toString(QDate(day.year, day.month, day.day), f"ddd {pattern}" if weekday else pattern)


def days_as_chosen(sentence: str) -> str:
    """A sentence of ours with its days, which are kept as 2026-11-30, in the way in which the window writes days."""
    return _DAY.sub(lambda found: _day_as_chosen(found[0]), sentence)


def _day_as_chosen(text: str) -> str:
    try:
        return day_text(date.fromisoformat(text))
    except ValueError:
        return text
