"""The records that a session left as they were, by what they share: the cause, and the mapping line at fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saasdesk.mapping.editing import Place
from saasdesk.sync.integration import IntegrationDocument
from saasdesk.sync.previews.applying import LEFT_OUT
from saasdesk.sync.rows import SessionError

ACCEPTED = "accepted"
# Groups that nobody has to do anything about come last.
_SETTLED = (ACCEPTED, LEFT_OUT)

Labels = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Records with one cause; `place` is the field whose line of the mapping is at fault, where one is."""

    cause: str
    place: Place | None
    errors: tuple[SessionError, ...]

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self.cause in _SETTLED


def grouped(
    errors: Sequence[SessionError], document: IntegrationDocument | None, labels: Labels
) -> tuple[ProblemGroup, ...]:
    """The groups, the largest first; what was accepted or left out on purpose comes last."""
    found: dict[tuple[str, Place | None], list[SessionError]] = {}
    for error in errors:
        cause = ACCEPTED if error.accepted and error.cause not in _SETTLED else error.cause
        place = None if document is None or cause in _SETTLED else place_at_fault(document, labels, error)
        found.setdefault((cause, place), []).append(error)
    groups = [ProblemGroup(cause, place, tuple(members)) for (cause, place), members in found.items()]
    return tuple(sorted(groups, key=lambda group: (group.is_settled, -len(group.errors))))


def place_at_fault(document: IntegrationDocument, labels: Labels, error: SessionError) -> Place | None:
    """Which field's line of the mapping a problem is about; None where it is about none, or the line is gone."""
    places = [(Place(row.object, row.target), row) for row in document.mapping]
    keys = [place for place, row in places if row.sync_key is not None]
    first_key = keys[0] if keys else None

    def named_at_the_beginning(sentence: str) -> Place | None:
        named = [
            (len(label), place)
            for place, _ in places
            if sentence.startswith(label := labels.get((place.object.value, place.target), place.target))
        ]
        return max(named, key=lambda found: found[0], default=(0, None))[1]

    match error.cause:
        case "mapping" | "empty" | "conflict":
            return named_at_the_beginning(error.message)
        case "duplicate":
            # Either a unique value is shared, and its field is named, or they are one record by their sync keys.
            return named_at_the_beginning(error.message.partition(" share ")[2]) or first_key
        case "no sync key":
            return first_key
        case _:
            return None
