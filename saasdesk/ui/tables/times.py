"""Moments as people say them, and exactly."""

from datetime import UTC, date, datetime

from PySide6.QtCore import QCoreApplication

from saasdesk.ui.formats import day_text


class _Shown:
    """The moment of the past that the window looks at; None is the present."""

    moment: datetime | None = None


def show_moment(moment: datetime | None) -> None:
    """Count days from this moment on to then, in everything that is written anew; None is the present again."""
    _Shown.moment = moment


def shown_now() -> datetime:
    """From when records count their days: now, or the moment of the past that the window looks at."""
    return (_Shown.moment or datetime.now(UTC)).astimezone()


def local_time(text: str) -> datetime | None:
    """The local moment that a stored text means; None when it means none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()


def relative_time(moment: datetime, now: datetime) -> str:
    """Today 09:15, Yesterday, 12 days ago; it changes at midnight only. The future is said as a date."""
    days = (now.date() - moment.date()).days
    match days:
        case 0:
            return QCoreApplication.translate("Time", "Today {0}").format(f"{moment:%H:%M}")
        case 1:
            return QCoreApplication.translate("Time", "Yesterday")
        case _ if days < 0:
            return in_words(moment.date())
        case _ if days < 60:
            return _counted("%n day(s) ago", days, "day")
        case _ if days < 730:
            return _counted("%n month(s) ago", days // 30, "month")
        case _:
            return _counted("%n year(s) ago", days // 365, "year")


def exact_time(moment: datetime) -> str:
    """30 Nov 2025 14:05, in local time."""
    return f"{in_words(moment.date())} {moment:%H:%M}"


def exact_time_with_zone(moment: datetime) -> str:
    """The same, with the zone it is told in."""
    return f"{exact_time(moment)} {moment:%Z}"


def in_words(day: date) -> str:
    """30 Nov 2025, in the language of the desktop; or as the settings say."""
    return day_text(day)


def _counted(text: str, number: int, unit: str) -> str:
    translated = QCoreApplication.translate("Time", text, None, number)
    # English has no translation file that would know its plurals.
    return translated.replace(f"{unit}(s)", unit if number == 1 else f"{unit}s")
