"""A saved view in the terms of a table, and a table's look as a document."""

from saasdesk.licences.priced_lists import ListObject
from saasdesk.reports.views import ViewDocument
from saasdesk.ui.tables.filter_words import joined, parts_of
from saasdesk.ui.tables.layout import Look

_RECORDS = {True: "active", False: "deactivated", None: "all"}


def look_of(document: ViewDocument) -> Look:
    """How a table looks through a view."""
    return Look(
        document.columns,
        document.widths,
        document.sorted_by,
        document.active,
        joined(parts_of(document.filter)),
        document.density == "compact",
        document.group_by,
        document.freeze_up_to,
    )


def document_of(look: Look, of: ListObject, name: str, description: str = "") -> ViewDocument:
    """A view that keeps how a table looks now."""
    return ViewDocument.of(
        {
            "name": name,
            "description": description,
            "object": of,
            "columns": look.columns,
            "widths": dict(look.widths),
            "records": _RECORDS[look.active],
            "filter": look.rule,
            "sort": tuple(f"-{key}" if descending else key for key, descending in look.sort),
            "group_by": look.group_by,
            "freeze_up_to": look.frozen_to,
            "density": "compact" if look.is_compact else "comfortable",
        },
        name,
    )
