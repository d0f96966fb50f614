"""What an admin fills in for a vendor, and where to find it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from saasdesk.errors import UserError
from saasdesk.text import visible_text

ADMIN = "admin"
"""The kind of key that lists the users; every connector has it."""


@dataclass(frozen=True, slots=True)
class Region:
    """One of the addresses at which a vendor runs the same service.

    `elsewhere` names the paths, by how they begin, that another host serves in this region.
    """

    name: str
    base_url: str
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Input:
    """Something an admin types besides the key; `variable` names the global variable that prefills it.

    `pattern` is what the value looks like, the part that counts in a group: people paste whole addresses around it.
    What `is_number` goes into JSON without quotation marks.
    """

    key: str
    label: str
    required: bool = False
    help: str = ""
    default: str = ""
    secret: bool = False
    variable: str = ""
    pattern: str = ""
    is_number: bool = False

    def clean(self, entered: str) -> str:
        """The value in what a person typed or pasted; raises where there is none."""
        text = entered.strip()
        if not (self.pattern and text):
            return text
        found = re.fullmatch(self.pattern, text)
        if found is None or found.lastindex is None:
            why = ": there are spaces in it" if any(letter.isspace() for letter in text) else ""
            raise UserError(f"“{visible_text(text[:100])}” is no {self.label}{why}. {self.help}".rstrip())
        return found[found.lastindex]


@dataclass(frozen=True, slots=True)
class ConnectorHelp:
    """What an admin reads before and while connecting the vendor."""

    where_to_make_the_key: tuple[str, ...]
    role_needed: str
    documentation: str
    # Where an admin signs in to see to users by hand.
    console: str = ""
    prerequisites: tuple[str, ...] = ()
    # Why a vendor answers 401, in its own terms: the key form cannot know it.
    refused_key: str = "It may be wrong or expired."
    # What the key must be where workflows are to change something, and what such changes do at the vendor.
    role_to_act: str = ""
    what_acting_does: tuple[str, ...] = ()
    # Which questions of the help articles have no answer here, and why.
    not_asked: str = "There is no Authenticate step: a key is its own proof, and the check shows whether it works."
