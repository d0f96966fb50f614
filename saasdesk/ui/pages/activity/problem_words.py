"""Why records were left as they were, and what to do about it, in words."""

from PySide6.QtCore import QCoreApplication

from saasdesk.mapping.editing import Place
from saasdesk.ui.pages.plan.field_words import FieldWords


def cause_in_words(cause: str) -> str:
    """Why records were left as they were, in a few words."""
    return {
        "mapping": _tr("A value does not fit its field"),
        "no sync key": _tr("Nothing tells whose record it is"),
        "empty": _tr("A mandatory field is empty"),
        "duplicate": _tr("Several records claim the same person or value"),
        "conflict": _tr("A unique value belongs to somebody else"),
        "shape": _tr("The vendor sent something that is no record"),
        "moved": _tr("Changed since the plan was made"),
        "left out": _tr("Unticked"),
        "accepted": _tr("Accepted"),
        "line: mapping": _tr("A cell does not fit its field"),
        "line: no sync key": _tr("Nothing tells whose record it is"),
        "line: empty": _tr("A mandatory field is empty"),
        "line: duplicate": _tr("Several lines claim the same record or value"),
        "line: conflict": _tr("A unique value belongs to somebody else"),
        "line: shape": _tr("The line cannot be read"),
    }.get(cause, cause)


def what_to_do(cause: str) -> str:
    """The way out of it, in a sentence or two."""
    return {
        "mapping": _tr(
            "Add a step to this line of the mapping, or map it to a field of another type. Or have the value put right "
            "at the vendor."
        ),
        "no sync key": _tr("Have the field filled at the vendor, or add a second sync key that these records have."),
        "empty": _tr("Have the field filled at the vendor, or map it from something that these records have."),
        "duplicate": _tr(
            "Merge or rename the records at the vendor. Where it is meant to be so, accept the conflict: it is then "
            "listed without being counted."
        ),
        "conflict": _tr(
            "Look at both people: merge them, or have the value put right at the vendor. Where it is meant to be so, "
            "accept the conflict."
        ),
        "shape": _tr("Tell the vendor; the next run looks again."),
        "moved": _tr("Make a new preview: it shows what differs now."),
        "left out": _tr("Nothing: the next run or import brings it along, unless it is unticked again."),
        "accepted": _tr("Nothing: it counts again as soon as it says something else, or is withdrawn."),
        "line: mapping": _again(_tr("Put the cells right in the file, or add a step to the mapping.")),
        "line: no sync key": _again(_tr("Fill the cells in the file, or add a second sync key that these lines have.")),
        "line: empty": _again(_tr("Fill the cells in the file, or map the field from another column.")),
        "line: duplicate": _again(_tr("Leave one of the lines in the file.")),
        "line: conflict": _again(_tr("Look at both records: merge them, or put the value right in the file.")),
        "line: shape": _again(
            _tr("Look for quotation marks and separators in these lines, and at the encoding of the file.")
        ),
    }.get(cause, "")


def _again(advice: str) -> str:
    """What is done about lines of a file ends with reading it once more."""
    return f"{advice} {_tr('Then import it again: what is the same already stays as it is.')}"


def place_in_words(words: FieldWords, place: Place | None) -> str:
    """The field that is at fault."""
    return "" if place is None else words.label(place.object.value, place.target)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)
