"""Ids as the vendor makes them."""

import re
from hashlib import blake2b


class Ids:
    """Ids of 24 hexadecimal digits that grow with the number they were made from, as the vendor's grow with time."""

    def __init__(self, seed: int, topic: str) -> None:
        digest = blake2b(f"{seed}/{topic}".encode(), digest_size=5).digest()
        self._first = 0x5F000000 + digest[0] * 0x1000
        self._middle = digest.hex()
        self._pattern = re.compile(rf"[0-9a-f]{{8}}{self._middle}([0-9a-f]{{6}})")

    def make(self, number: int) -> str:
        """The id of a number."""
        return f"{self._first + number:08x}{self._middle}{number:06x}"

    def number(self, made: str) -> int:
        """The number of an id, -1 for one that was never made."""
        found = self._pattern.fullmatch(made)
        number = int(found[1], 16) if found else -1
        return number if found and self.make(number) == made else -1
