"""Ids that look like chance but can be turned back into the number they were made from, so that none is stored."""

import itertools
import re
import string
from hashlib import blake2b

_ALPHABET = string.digits + string.ascii_uppercase
_TRIPLES = tuple(map("".join, itertools.product(_ALPHABET, repeat=3)))
_SPACE = len(_TRIPLES) ** 2
_PATTERN = re.compile(r"P[0-9A-Z]{6}")


class Ids:
    """Ids of a P and six digits or capitals; numbers may be negative."""

    def __init__(self, seed: int, topic: str) -> None:
        digest = blake2b(f"{seed}/{topic}".encode(), digest_size=8).digest()
        # Coprime to the size of the space, which only 2 and 3 divide, so that no two numbers get the same id.
        self._step = int.from_bytes(digest[:4]) // 6 * 6 + 1
        self._back = pow(self._step, -1, _SPACE)
        self._start = int.from_bytes(digest[4:]) % _SPACE

    def make(self, number: int) -> str:
        """The id of a number."""
        high, low = divmod((number * self._step + self._start) % _SPACE, len(_TRIPLES))
        return f"P{_TRIPLES[high]}{_TRIPLES[low]}"

    def number(self, made: str) -> int:
        """The number of an id: a wild one for an id that was never made, -1 for what cannot be one."""
        if not _PATTERN.fullmatch(made):
            return -1
        return (int(made[1:], 36) - self._start) * self._back % _SPACE
