"""Which dashboards there are to look at: the admin's own, and the starters of what is connected; read in a worker."""

from dataclasses import dataclass

from saasdesk.reports.dashboards.board import BoardDocument
from saasdesk.reports.dashboards.boards import list_boards
from saasdesk.reports.dashboards.starters import list_starters
from saasdesk.store import Store
from saasdesk.sync.integrations import list_integrations


@dataclass(frozen=True, slots=True)
class BoardChoice:
    """A dashboard to look at. A starter has no number: whoever edits it makes a copy of their own."""

    key: str
    document: BoardDocument
    number: int | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.document.name


def read_choices(store: Store) -> list[BoardChoice]:
    """The admin's own by name, then the starters that no own one has taken the name of."""
    own = [BoardChoice(str(board.id), board.document, board.id) for board in list_boards(store)]
    taken = {choice.name.casefold() for choice in own}
    integrations = list_integrations(store)
    connected = {integration.connector.key for integration in integrations}
    names = {integration.connector.title: integration.document.application_name for integration in integrations}
    starters = [
        BoardChoice(f"starter:{starter.key}", starter.copy(names))
        for starter in list_starters()
        if starter.is_of_everything or starter.key in connected
    ]
    return [*own, *(choice for choice in starters if choice.name.casefold() not in taken)]
