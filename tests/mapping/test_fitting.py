"""Which source goes into which field."""

import pytest

from saasdesk.fields import FieldType
from saasdesk.mapping.fitting import Fit, fitting_of


@pytest.mark.parametrize(
    ("source", "target", "fit"),
    [
        (FieldType.SHORT_TEXT, FieldType.LONG_TEXT, Fit.SAME),
        (FieldType.SHORT_TEXT, FieldType.DATE, Fit.CONVERTED),
        (FieldType.LIST, FieldType.SHORT_TEXT, Fit.CONVERTED),
        (FieldType.NUMBER, FieldType.DECIMAL, Fit.SAME),
        (FieldType.DECIMAL, FieldType.NUMBER, Fit.CONVERTED),
        (FieldType.DATETIME, FieldType.DATE, Fit.CONVERTED),
        (FieldType.NUMBER, FieldType.DATETIME, Fit.CONVERTED),
        (FieldType.FLAG, FieldType.DATE, Fit.IMPOSSIBLE),
        (FieldType.DATE, FieldType.FLAG, Fit.IMPOSSIBLE),
        (FieldType.LIST, FieldType.NUMBER, Fit.IMPOSSIBLE),
    ],
)
def test_that_types_fit_are_converted_or_refused(source: FieldType, target: FieldType, fit: Fit) -> None:
    fitting = fitting_of(source, target)

    assert fitting.fit is fit
    assert fitting.reason


@pytest.mark.parametrize("source", FieldType)
@pytest.mark.parametrize("target", FieldType)
def test_that_every_pair_has_an_answer(source: FieldType, target: FieldType) -> None:
    assert fitting_of(source, target).reason
