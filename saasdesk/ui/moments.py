"""Moments, durations and numbers as people say them."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QLocale

from saasdesk.clock import from_text
from saasdesk.ui.formats import day_text


def moment_in_words(text: str, now: datetime | None = None) -> str:
    """ "Today 02:00", "Tomorrow 02:00", "19 Nov 02:00", in local time; empty for what is no moment."""
    shown = moment_within(text, now)
    return shown[:1].upper() + shown[1:]


def moment_within(text: str, now: datetime | None = None) -> str:
    """The same within a sentence: "today 02:00"."""
    try:
        moment = from_text(text).astimezone()
    except ValueError:
        return ""
    today = (now or datetime.now().astimezone()).date()
    return f"{_day_in_words(moment.date(), today)} {moment:%H:%M}"


def day_in_words(text: str, now: datetime | None = None) -> str:
    """ "Today", "19 Nov", the local day of a moment; empty for what is no moment."""
    try:
        day = from_text(text).astimezone().date()
    except ValueError:
        return ""
    shown = _day_in_words(day, (now or datetime.now().astimezone()).date())
    return shown[:1].upper() + shown[1:]


def duration_in_words(seconds: float) -> str:
    """ "under 1 s", "14 s", "2 min 5 s", "1 h 3 min"."""
    whole = int(seconds)
    if whole < 1:
        return _tr("under 1 s")
    if whole < 60:
        return _tr("{0} s").format(whole)
    if whole < 3600:
        return _tr("{0} min {1} s").format(whole // 60, whole % 60)
    return _tr("{0} h {1} min").format(whole // 3600, whole % 3600 // 60)


def rest_in_words(seconds: float) -> str:
    """ "about 40 s left", "about 3 min left"; never more exact than it is."""
    if seconds < 60:
        return _tr("about {0} s left").format(max(5, round(seconds / 5) * 5))
    return _tr("about {0} min left").format(round(seconds / 60))


def seconds_between(began: str, ended: str | None) -> float | None:
    """How long something took; None while it goes on."""
    if not ended:
        return None
    return max(0.0, (from_text(ended) - from_text(began)).total_seconds())


def number(value: int) -> str:
    """A number with its groups, as this desktop writes them."""
    return QLocale().toString(value)


def counted(count: int, one: str, many: str) -> str:
    """ "1 person", "12 people"; the texts hold {0} where the number goes."""
    return (one if count == 1 else many).format(number(count))


def _day_in_words(day: date, today: date) -> str:
    for shift, word in ((0, _tr("today")), (-1, _tr("yesterday")), (1, _tr("tomorrow"))):
        if day == today + timedelta(days=shift):
            return word
    return day_text(day, with_year=day.year != today.year)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Moments", text)
