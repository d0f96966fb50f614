"""What somebody asks a list for: which records, found by which words, in which order; or only how many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from saasdesk.rules import Rule, SqlFragment


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One question to a list; `sort` holds (column, descending), the most important first.

    With `group_by` the records of one value of that column stand together, and are sorted among themselves.
    `active` chooses between active records, those that are deactivated or archived, and all.
    """

    rule: Rule | None = None
    quick: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    active: bool | None = True
    group_by: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter hides some of the records."""
        return self.rule is not None or bool(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the quick filter; a record must contain all of them."""
        return tuple(self.quick.split())

    def widened(self) -> "ListQuery":
        """The same question without the filters."""
        return replace(self, rule=None, quick="")


@dataclass(frozen=True, slots=True)
class Counting:
    """A question that is answered with numbers: which records, put together by what, and the column that is measured.

    With `each_value` every value of that column is a group of its own besides.
    """

    query: ListQuery
    groups: Sequence[SqlFragment] = ()
    of: str = ""
    each_value: bool = False
