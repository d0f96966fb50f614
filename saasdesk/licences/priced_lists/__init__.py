"""Lists as the admin sees them: people with what each costs, every seat, and all other records."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from saasdesk.fields import ObjectKind
from saasdesk.licences.amounts import in_currency
from saasdesk.licences.priced_lists.rows import cost_of_person
from saasdesk.licences.prices import read_tariff
from saasdesk.licences.seats.seat_list import EverySeatList
from saasdesk.records.listing import Column, RecordList, Special
from saasdesk.records.listing import rows as listing
from saasdesk.store import Store

_COST = Column("monthly", "A Month", Special.MONEY, 112, align_right=True)
_AFTER = "last_activity"


class ListObject(StrEnum):
    """What a list is about, named as in files. A seat is a licence, or an account where there are no licences."""

    PEOPLE = "people"
    SAAS_USERS = "saas_users"
    LICENCES = "licences"
    SAAS_APPLICATIONS = "saas_applications"
    ASSETS = "assets"
    SEATS = "seats"

    @property
    def has_states(self) -> bool:
        """Whether some of them may be deactivated, and what they were is kept."""
        return self is not ListObject.SEATS


def open_list(store: Store, about: ListObject) -> RecordList:
    """Everything that a list about this has, as many as there are."""
    match about:
        case ListObject.PEOPLE:
            return _PricedPeople(store, ObjectKind.PEOPLE)
        case ListObject.SEATS:
            return EverySeatList(store)
        case _:
            return RecordList(store, ObjectKind(about.value))


class _PricedPeople(RecordList):
    """People, each with what the seats of that person cost a month, at the prices of the moment that is shown."""

    def columns(self) -> tuple[Column, ...]:
        """What can be shown; the amount says in which currency."""
        return in_currency(super().columns(), self._store.settings().currency)

    def _columns_of(self, shape: listing.Shape) -> Iterator[Column]:
        for column in super()._columns_of(shape):
            yield column
            if column.key == _AFTER and not _is_field(shape):
                yield _COST

    def _completed(self, shape: listing.Shape) -> listing.Shape:
        return shape if _is_field(shape) else self._with_cost(shape)

    def _known_shape(self) -> listing.Shape:
        # Prices may have changed since.
        shape = super()._known_shape()
        return shape if _is_field(shape) else self._with_cost(shape)

    def _with_cost(self, shape: listing.Shape) -> listing.Shape:
        cost = cost_of_person(read_tariff(self._store, self._store.now().date()))
        return replace(shape, expressions={**shape.expressions, _COST.key: cost})


def _is_field(shape: listing.Shape) -> bool:
    """Whether a custom field has the name; then it is the field that is meant."""
    return any(field.external_id == _COST.key for field in shape.fields)
