"""How the status bar tells of the search index, which is filled behind whatever else goes on."""

from PySide6.QtCore import QCoreApplication

from saasdesk.records.search import Indexed
from saasdesk.ui.moments import number
from saasdesk.ui.status_bar import Progress

# Fewer are through before anybody has read of it.
_WORTH_TELLING = 5_000


def describe_indexing(news: object) -> Progress | None:
    """How many records are in the index; None for what is not worth telling."""
    if not isinstance(news, Indexed) or news.of < _WORTH_TELLING:
        return None
    text = QCoreApplication.translate("Indexing", "{0} of {1} records")
    return Progress(text.format(number(news.done), number(news.of)), news.done / news.of)
