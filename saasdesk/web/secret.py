"""A key on its way from the vault to the wire, in a wrapper that cannot be printed by accident."""

import hmac
from typing import NoReturn


class Secret:
    """A key that shows as `<secret>` wherever it lands, and that refuses to be pickled or copied into a document."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself; only for the sign-in schemes and the vault."""
        return self._text

    def __repr__(self) -> str:
        return "<secret>"

    def __str__(self) -> str:
        return "<secret>"

    def __format__(self, _: str) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(Secret)

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a secret is never pickled or copied")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret is never pickled or copied")
