"""What an admin does with saved views: save, choose, delete; an own one takes the place of the starter of its name."""

from dataclasses import dataclass
from functools import cache

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.documents import Documents, Kept
from saasdesk.reports.views.view import ViewDocument
from saasdesk.resources import resource
from saasdesk.store import Store

ViewRow = Kept[ViewDocument]

_VIEWS = Documents("saved_view", ViewDocument, lambda document: {"object": document.object.value}, scope="object")

list_views = _VIEWS.every
unreadable_views = _VIEWS.unreadable
add_view = _VIEWS.add
save_view = _VIEWS.save
delete_view = _VIEWS.delete


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """A view to look through. A starter has no number: whoever changes it saves one of their own."""

    key: str
    document: ViewDocument
    number: int | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.document.name


@cache
def list_starters() -> tuple[ViewChoice, ...]:
    """The views that are ready to use; files as an admin could write them."""
    files = sorted(resource("views").glob("*.toml"))
    return tuple(
        ViewChoice(f"starter:{file.stem}", ViewDocument.parse(file.read_text("utf-8"), file.name)) for file in files
    )


def list_choices(store: Store, of: ListObject | None = None) -> list[ViewChoice]:
    """The admin's own views, of one list or of all, then the starters that no own one has taken the name of."""
    own = [ViewChoice(str(kept.id), kept.document, kept.id) for kept in list_views(store)]
    taken = {(choice.document.object, choice.name.casefold()) for choice in own}
    starters = [choice for choice in list_starters() if (choice.document.object, choice.name.casefold()) not in taken]
    return [choice for choice in (*own, *starters) if of is None or choice.document.object is of]
