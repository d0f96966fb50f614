"""What is selected stays selected while the rows below it change places."""

from dataclasses import dataclass, replace

from saasdesk.records.listing import ListQuery
from saasdesk.ui.tables.loading import Listed
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.tables.view import RecordView

_REMEMBERED_AT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class KeptSelection:
    """The selected and the current records by their ids, from one list to the next.

    A very large selection is kept only if it is everything, and only the order has changed.
    """

    selected: frozenset[int] = frozenset()
    current: int | None = None
    was_everything: bool = False
    query: ListQuery | None = None

    @property
    def looked_out_for(self) -> frozenset[int]:
        """The ids whose new places are wanted."""
        return self.selected | ({self.current} if self.current is not None else frozenset())


def keep_selection(view: RecordView, model: RecordModel, query: ListQuery) -> KeptSelection:
    """Remember what is selected in the answer to this question."""
    ranges = view.selected_ranges()
    count = model.count_records(ranges)
    selected = frozenset(model.ids_of(ranges)) if count <= _REMEMBERED_AT_MOST else frozenset()
    current = model.id_at(view.currentIndex().row())
    return KeptSelection(selected, current, was_everything=0 < count == model.record_count, query=query)


def restore_selection(kept: KeptSelection, view: RecordView, query: ListQuery, listed: Listed) -> None:
    """Select the same records in the new list, as far as they are in it."""
    if kept.current is not None:
        row = next((row for row in listed.found if listed.ids[row] == kept.current), None)
        if row is not None:
            view.make_current(row)
    is_reordered = kept.query is not None and _unordered(kept.query) == _unordered(query)
    if kept.was_everything and is_reordered:
        view.selectAll()
    elif kept.selected:
        view.select_rows([row for row in listed.found if listed.ids[row] in kept.selected])


def _unordered(query: ListQuery) -> ListQuery:
    return replace(query, sort=(), group_by="")
