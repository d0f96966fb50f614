"""Whom the values of a record name, such as its manager: found beside the page, because it may take a look at all."""

from collections.abc import Callable, Mapping, Sequence

from saasdesk.fields import Field, FieldType
from saasdesk.records.history import people_called
from saasdesk.store import Store
from saasdesk.ui.reading import Reading
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import LinkButton

Values = Sequence[tuple[Field, str | int | float]]


def ask_whom_they_name(
    store: Store, reading: Reading, values: Values, answer: Callable[[Mapping[str, int]], object]
) -> None:
    """Tell for each field that names one person who it is; nobody waits for it, and what was asked before is let go."""
    names = {field.external_id: str(value) for field, value in values if field.type is FieldType.PERSON}
    reading.forget("people")
    if names:
        reading.ask("people", lambda stop: people_called(store, names, stop), answer, lambda _reason: None)


def link_to_person(theme: Theme, shown: str, open_person: Callable[[], object]) -> LinkButton:
    """A value that leads to the page of the person it names."""
    link = LinkButton(theme, shown, inline=True)
    link.setAccessibleName(visible_text(link.tr("Open {0}").format(shown)))
    link.clicked.connect(open_person)
    return link
