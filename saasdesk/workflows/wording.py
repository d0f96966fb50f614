"""Problems name a setting by its key, as files have it; people know it by the label of its field."""

import re
from collections.abc import Mapping, Sequence

from saasdesk.workflows.blocks.form import FieldKind, FormField

# A key such as criteria.all[1], and what goes on after it.
_NAMED = re.compile(r"(?P<key>[a-z_]+)(?P<path>(?:\.\w+|\[\d+\])*)(?P<rest>:| is missing\.| is not a known key\.)")
_PLACE = re.compile(r"(?P<group>\.(?:all|any))?\[(?P<number>\d+)\]")
_PART = re.compile(r"\.(\w+)")
# "Branches is missing" is said by nobody.
_NOTHING_YET = {
    FieldKind.BRANCHES: "There is no branch yet.",
    FieldKind.VALUES: "No field is set yet.",
    FieldKind.DURATION: "How long it waits is not said yet.",
}


def in_words(message: str, fields: Sequence[FormField]) -> str:
    """The message with the label of the field that it is about, and the place in it counted as people count."""
    found = _NAMED.match(message)
    field = None if found is None else next((each for each in fields if each.key == found["key"]), None)
    if found is None or field is None:
        return message
    if found["rest"] == " is missing." and not found["path"] and field.kind in _NOTHING_YET:
        return _NOTHING_YET[field.kind]
    place = _place_in_words(found["path"], {part.key: part.label for part in field.parts})
    return ", ".join((field.label, *place)) + message[found.start("rest") :]


def _place_in_words(path: str, labels: Mapping[str, str]) -> list[str]:
    """ ".all[2].any[1]" is condition 2.1; "[3].rule.all[1]" is the third, condition 1."""
    conditions = ".".join(found["number"] for found in _PLACE.finditer(path) if found["group"])
    numbers = [found["number"] for found in _PLACE.finditer(path) if not found["group"]]
    keys = [key for key in _PART.findall(path) if key not in {"all", "any", "rule"}]
    said = [f"number {number}" for number in numbers]
    said += [labels.get(key, key.replace("_", " ")) for key in keys if not conditions]
    return [*said, f"condition {conditions}"] if conditions else said
