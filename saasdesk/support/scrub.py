"""Takes secrets, people and places out of a text; what is the same before is the same after, so that it can be read."""

import getpass
import hashlib
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from saasdesk.fields import fold_key
from saasdesk.web import REDACTOR

# Wider than what a mail server takes: better a word too many than an address too few.
MAIL_ADDRESS = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:=]+\.[^\s<>\"'(),;:=]{2,}")
# Usernames shorter than this are ordinary words.
_SHORTEST_USER = 3


_WORD = re.compile(r"[^\W_][\w'’.-]*")  # noqa: RUF001 - names have real apostrophes
# A name may be the first word of a sentence as well; shorter ones are ordinary words.
_SHORTEST_NAME = 4
_WORDS_OF_A_NAME = 3


class Scrubber:
    """One for a bundle: the stand-ins of one bundle say nothing about those of another."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        home, user = str(Path.home()), _user()
        self._places = [(home, "~")] if len(home) > 1 else []
        self._user = re.compile(rf"(?<!\w){re.escape(user)}(?!\w)") if len(user) >= _SHORTEST_USER else None

    def clean(self, text: str) -> str:
        """The text without secrets, with a stand-in for each mail address, and without the name of this account."""
        text = REDACTOR.redact(text)
        text = MAIL_ADDRESS.sub(lambda found: self.stand_in(found[0]), text)
        for place, short in self._places:
            text = text.replace(place, short)
        return self._user.sub("<user>", text) if self._user is not None else text

    def stand_in(self, address: str) -> str:
        """The same for the same address, whatever its case; nobody can tell the address from it."""
        digest = hashlib.blake2b(address.casefold().encode(), key=self._salt, digest_size=4).hexdigest()
        return f"<mail {digest}>"


def without_people(text: str, names_among: Callable[[set[str]], set[str]]) -> str:
    """The text with "<person>" wherever the name of somebody stands who is known here."""
    stretches: dict[tuple[int, int], str] = {}
    words = list(_WORD.finditer(text))
    for first in range(len(words)):
        for last in range(first, min(first + _WORDS_OF_A_NAME, len(words))):
            begin, end = words[first].start(), words[last].end()
            folded = fold_key(text[begin:end].rstrip(".")) or ""
            if len(folded) >= _SHORTEST_NAME and "\n" not in folded:
                stretches[begin, begin + len(text[begin:end].rstrip("."))] = folded
    known = names_among(set(stretches.values()))
    parts, at = [], 0
    # The longest first: of a whole name nothing may be left.
    for (begin, end), folded in sorted(stretches.items(), key=lambda item: (item[0][0], -item[0][1])):
        if folded in known and begin >= at:
            parts += [text[at:begin], "<person>"]
            at = end
    return "".join((*parts, text[at:]))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
