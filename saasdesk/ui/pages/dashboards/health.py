"""How the integrations stand, as lines of a card; read in a worker."""

from saasdesk.store import Store
from saasdesk.sync import latest
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.tables.lines import Cell, Line
from saasdesk.ui.widgets.status_word import status


def health_lines(store: Store) -> list[Line]:
    """Each integration with its state and its last good run; it opens its page."""
    return [
        Line(
            (
                Cell(standing.integration.name, role="name"),
                Cell(status=status(standing.word)),
                Cell(moment_in_words(good.finished_at) if good and good.finished_at else "—", "muted", at_right=True),
            ),
            standing.integration.id,
        )
        for standing in latest.standings(store)
        for good in [standing.last_good]
    ]
