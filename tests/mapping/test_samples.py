"""What records tell of a source field."""

import pytest

from saasdesk.mapping.samples import example_of, sample_field


def test_that_fill_rate_and_distinct_values_are_counted() -> None:
    records = [{"role": "admin"}, {"role": "user"}, {"role": "user"}, {"role": ""}, {}]

    sample = sample_field(lambda record: record.get("role"), records)

    assert (sample.records, sample.filled, sample.distinct) == (5, 3, 2)
    assert sample.fill_rate == pytest.approx(0.6)
    assert sample.more == 0


def test_that_repeating_values_are_told_by_how_common_they_are() -> None:
    records = [{"role": role} for role in ["user"] * 5 + ["admin"] * 3 + ["guest"] * 2 + ["owner"] * 2]

    assert sample_field(lambda record: record["role"], records).examples == ("user", "admin", "guest")


def test_that_a_template_that_fails_counts_as_blank() -> None:
    def get(record: dict[str, object]) -> object:
        raise ValueError("finds nothing")

    sample = sample_field(get, [{}, {}])

    assert (sample.filled, sample.examples) == (0, ())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["a", "b"], "2 items · a"),
        ([], "0 items"),
        (True, "yes"),
        ({"name": "Platform"}, "Platform"),
        ({"x": {}}, "{ }"),
        ("line\nbreak", "line break"),
        ("x" * 80, "x" * 59 + "…"),
    ],
)
def test_that_a_value_is_put_into_a_few_words(value: object, words: str) -> None:
    assert example_of(value) == words
