"""What dashboards and reports may be called."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from saasdesk.text import visible_text

LONGEST_NAME = 100


def _printable(text: str) -> str:
    if text != text.strip() or visible_text(text) != text:
        raise ValueError("a name begins and ends with something to be seen, and has no hidden characters")
    return text


Title = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_printable)]


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name itself, or with a number behind it where another one has it."""
    known = {name.casefold() for name in taken}
    found, number = wanted, 2
    while found.casefold() in known:
        ending = f" {number}"
        found, number = f"{wanted[: LONGEST_NAME - len(ending)].rstrip()}{ending}", number + 1
    return found
