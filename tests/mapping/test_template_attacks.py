"""Templates read values and combine them, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saasdesk.mapping import TemplateProblem, compile_template

RECORD = {
    "first": " Ana ",
    "last": "Ruiz",
    "a": {"b": 1, "odd-key": "x"},
    "list": ["x", "y"],
    "_id": "9",
    "nothing": None,
}

ATTACKS = [
    "{{ range(10**9) }}",
    "{{ 'a' * 10**9 }}",
    "{{ 'a' | center(1000000000) }}",
    "{{ 'a' | ljust(1000000000) }}",
    "{{ '%s' | format('a') }}",
    "{{ 'a' | replace('a', 'aa') }}",
    "{% for x in list %}{% for y in list %}{{ x }}{% endfor %}{% endfor %}",
    "{% set x = 'ab' %}{{ x ~ x }}",
    "{{ 'a' | indent(1000000000) }}",
    "{{ lipsum(n=100000) }}",
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ a.__class__.__mro__ }}",
    "{{ a | attr('__class__') }}",
    "{{ list | map('upper') | join }}",
    "{% macro m() %}{% endmacro %}{{ m() }}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% if a %}x{% endif %}",
    "{{ self }}",
    "{{ loop.index }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ list[0:1] }}",
    "{{ list[a.b] }}",
    "{{ 1 + 1 }}",
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ " + "not " * 700 + "a }}",
    "{{ last" + "|trim" * 700 + " }}",
    "{{ " + " ~ ".join(["last"] * 65) + " }}",
    "{{ last }}" * 500,
    "{{ 1e999 }}",
]


@pytest.mark.parametrize("source", ATTACKS)
def test_p11_that_an_attack_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        compile_template(source).render(RECORD)

    assert str(caught.value)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ response.first | trim }} {{ last | upper }}", "Ana RUIZ"),
        ("{{ a['odd-key'] }}", "x"),
        ("{{ list[0] }}{{ list | last }}", "xy"),
        ("{{ list | join(', ') }}", "x, y"),
        ("{{ 'yes' if a.b == 1 else 'no' }}", "yes"),
        ("{{ missing | default('none') }}", "none"),
        ("{{ nothing | default('none') }}", "none"),
        ("{{ _id }}", "9"),
        ('{"user": {"name": "{{ last }}"}}', '{"user": {"name": "Ruiz"}}'),
        ("{{ '}}' }}", "}}"),
        ("{{ last ~ '-' ~ a.b }}", "Ruiz-1"),
        ("{{ '2026-03-01' | date('%d.%m.%Y') }}", "01.03.2026"),
        ("{{ list | length }}", "2"),
        ("{{ a | json }}", '{"b":1,"odd-key":"x"}'),
    ],
)
def test_that_a_template_combines_values(source: str, text: str) -> None:
    assert compile_template(source).render(RECORD) == text


def test_p11_that_a_result_is_never_expanded_again() -> None:
    assert compile_template("{{ x }}").render({"x": "{{ last }}"}) == "{{ last }}"


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ a.zz }}", "{{ list[9] }}", "{{ nothing }}", "{{ 'x' if missing else 'y' }}"]
)
def test_p11_that_a_name_that_finds_nothing_is_an_error(source: str) -> None:
    with pytest.raises(TemplateProblem, match=r"nothing is found|empty"):
        compile_template(source).render(RECORD)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{jjump_cloud_user_id}", "column 1"),
        ("{{ a }} {{ b", "column 9"),
        ("x }} y", "column 3: }} closes nothing"),
        ("{{ first | foo }}", "column 12: 'foo' is not a filter."),
    ],
)
def test_that_a_slip_is_named_with_its_column(source: str, words: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        compile_template(source)

    assert words in str(caught.value).lower()


@pytest.mark.parametrize("filters", ["json", "json | upper", "upper | lower | title"])
def test_p11_that_a_huge_value_is_refused_before_work_is_done_with_it(filters: str) -> None:
    with pytest.raises(TemplateProblem, match="256 KB"):
        compile_template("{{ x | " + filters + " }}").render({"x": "a" * 1_000_000})


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="{}%#()[]|~.'\"abx_ 01\n-+*/=", max_size=60))
def test_p11_that_any_text_compiles_or_is_refused_and_nothing_else(source: str) -> None:
    try:
        text = compile_template(source).render(RECORD)
    except TemplateProblem:
        return
    assert isinstance(text, str)
