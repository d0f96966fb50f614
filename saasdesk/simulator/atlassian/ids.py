"""Account ids as the vendor makes them."""

import re
from hashlib import blake2b
from uuid import UUID


class AccountIds:
    """Account ids in the three forms that Atlassian has given out over the years, turned back into serial numbers."""

    _SPACE = 1 << 64
    _FORMS = (re.compile(r"5[0-9a-f]{7}([0-9a-f]{16})"), re.compile(r"(?:557058|712020):([0-9a-f-]{36})"))

    def __init__(self, seed: int) -> None:
        digest = blake2b(f"{seed}/atlassian accounts".encode(), digest_size=16).digest()
        self._step = int.from_bytes(digest[:8]) | 1
        self._back = pow(self._step, -1, self._SPACE)
        self._start = int.from_bytes(digest[8:])

    def make(self, serial: int) -> str:
        """The account id of a serial number."""
        number = (serial * self._step + self._start) % self._SPACE
        if serial % 3 == 0:
            return f"5{number % 0xFFFFFFF:07x}{number:016x}"
        uuid = UUID(int=(number << 64) | (number ^ self._start))
        return f"{557058 if serial % 3 == 1 else 712020}:{uuid}"

    def number(self, made: str) -> int | None:
        """The serial number of an account id; None for what was never one."""
        for form in self._FORMS:
            found = form.fullmatch(made)
            if found is not None:
                text = found[1].replace("-", "")
                number = (int(text[:16], 16) - self._start) * self._back % self._SPACE
                # Accounts that the directory made have negative numbers.
                serial = number - self._SPACE if number > self._SPACE // 2 else number
                return serial if self.make(serial) == made else None
        return None
