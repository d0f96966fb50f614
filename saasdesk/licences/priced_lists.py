"""Lists of records as the admin sees them: like any, and those of people say what each costs."""

from collections.abc import Iterator
from dataclasses import replace

from saasdesk.currencies import DECIMALS
from saasdesk.fields import ObjectKind
from saasdesk.licences.prices import read_tariff
from saasdesk.licences.seats.rows import COST_OF_PERSON, cost_constants
from saasdesk.records.listing import Column, RecordList, Special
from saasdesk.records.listing import rows as listing
from saasdesk.store import Store

_COST = Column("monthly", "A Month", Special.MONEY, 112, align_right=True)
_AFTER = "last_activity"


def open_list(store: Store, kind: ObjectKind) -> RecordList:
    """The records of this kind, as many as there are."""
    return _PricedPeople(store, kind) if kind is ObjectKind.PEOPLE else RecordList(store, kind)


class _PricedPeople(RecordList):
    """People, each with what the seats of that person cost a month, at the prices of the moment that is shown."""

    def columns(self) -> tuple[Column, ...]:
        """What can be shown; the amount says in which currency."""
        currency = self._store.settings().currency
        return tuple(
            replace(column, title=f"{currency} a Month", decimals=DECIMALS[currency]) if column is _COST else column
            for column in super().columns()
        )

    def _columns_of(self, shape: listing.Shape) -> Iterator[Column]:
        for column in super()._columns_of(shape):
            yield column
            if column.key == _AFTER and _is_computed(shape):
                yield _COST

    def _completed(self, shape: listing.Shape) -> listing.Shape:
        if _COST.key not in shape.expressions:
            shape = replace(shape, expressions={**shape.expressions, _COST.key: COST_OF_PERSON})
        return self._with_prices(shape)

    def _known_shape(self) -> listing.Shape:
        # Prices may have changed since.
        return self._with_prices(super()._known_shape())

    def _with_prices(self, shape: listing.Shape) -> listing.Shape:
        return replace(shape, constants=cost_constants(read_tariff(self._store, self._store.now().date())))


def _is_computed(shape: listing.Shape) -> bool:
    """Whether no custom field has the name; then it is the field that is meant."""
    return shape.expressions[_COST.key] is COST_OF_PERSON
