"""What differs between two versions, in a word, a colour and a sign: in the list and on the drawing alike."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """How a change is called and drawn."""

    word: str
    tone: str
    icon: str


CHANGES: Mapping[str, ChangeWords] = {
    "added": ChangeWords("Added", "ok", "plus"),
    "removed": ChangeWords("Removed", "error", "minus"),
    "changed": ChangeWords("Changed", "warn", "edit"),
}
