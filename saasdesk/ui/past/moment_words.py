"""A moment of the past as the window says it, its day as all others are written."""

from PySide6.QtCore import QCoreApplication

from saasdesk.records.past import Moment
from saasdesk.ui.tables.times import exact_time, local_time
from saasdesk.ui.visible_text import visible_text


def title_of_moment(moment: Moment) -> str:
    """ "30 Nov 2025 14:05", or "run #4 (JumpCloud, 30 Nov 2025 14:05)"."""
    at = local_time(moment.at)
    when = moment.title if at is None else exact_time(at)
    if not moment.run:
        return when
    return QCoreApplication.translate("MomentWords", "run #{0} ({1}, {2})").format(
        moment.run, visible_text(moment.integration), when
    )
