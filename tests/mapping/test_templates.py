import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from saasdesk.mapping import TemplateProblem, compile_template
from saasdesk.mapping.filters import LONGEST_RESULT
from saasdesk.mapping.templates import is_template
from tests.mapping.values import records

RECORD: dict[str, Any] = {
    "email": "Ana@Example.com",
    "first_name": " Ana ",
    "last_name": "Ruiz",
    "title": None,
    "empty": "",
    "count": 3,
    "share": 0.5,
    "is_admin": True,
    "teams": ["Ops", "Dev"],
    "nobody": [],
    "profile": {"city": "Cork", "languages": [{"code": "en"}, {"code": "ga"}]},
    "assigned_to.email": "boss@example.com",
    "created": "2024-03-01T23:30:00-05:00",
    "self": "https://example.com/users/1",
    "_id": "5f0",
    "mro": "a key like any other",
}


def rendered(source: str, record: dict[str, Any] | None = None, **context: str) -> str:
    return compile_template(source).render(RECORD if record is None else record, context)


# ----- what can be said


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ email }}", "Ana@Example.com"),
        ("{{ response.email }}", "Ana@Example.com"),
        ("{{ response['assigned_to.email'] }}", "boss@example.com"),
        ("{{ profile.languages[0].code }}-{{ profile['languages'][-1]['code'] }}", "en-ga"),
        ("{{ profile.languages.1.code }}", "ga"),
        ("{{ response._id }}", "5f0"),
        ("{{ response.self }}", "https://example.com/users/1"),
        ("{{ mro }}", "a key like any other"),
        ("Dear {{ last_name }}!\n", "Dear Ruiz!\n"),
        ("no braces at all", "no braces at all"),
        ("", ""),
        ('{{ "constant" }}', "constant"),
        ("{{ 'a }} b' }}", "a }} b"),
        ("{{ 'it\\'s' ~ \" {{ \" ~ 1 ~ -2 ~ 0.5 }}", "it's {{ 1-20.5"),
        ("{{ first_name|trim ~ ' ' ~ last_name|upper }}", "Ana RUIZ"),
        ("{{ 'Admin' if is_admin else 'Member' }}", "Admin"),
        ("{{ 'none' if title is none else title }}", "none"),
        ("{{ 'y' if phone is defined else 'n' }}{{ 'y' if phone is not defined else 'n' }}", "ny"),
        ("{{ 'many' if count > 2 and not (share >= 1) else 'few' }}", "many"),
        ("{{ 'y' if 'Ops' in teams and 'HR' not in teams else 'n' }}", "y"),
        ("{{ 'y' if 1 < count <= 3 else 'n' }}", "y"),
        ("{{ 'y' if email == 'Ana@Example.com' or email != '' else 'n' }}", "y"),
        ("{{ is_admin }} {{ count }} {{ share }}", "true 3 0.5"),
        ("{{ empty }}", ""),
        ("a  {{- count -}}  b", "a3b"),
        ('{"user": {"email": "{{ email|lower }}", "tags": {}}}', '{"user": {"email": "ana@example.com", "tags": {}}}'),
        ("{single} } { braces", "{single} } { braces"),
        ("# for x in y", "# for x in y"),
    ],
)
def test_that_a_template_reads_and_combines_values(source: str, expected: str) -> None:
    assert rendered(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ email|lower }}", "ana@example.com"),
        ("{{ last_name|upper }}", "RUIZ"),
        ("{{ 'ana ruiz'|title }}", "Ana Ruiz"),
        ("{{ first_name|trim }}", "Ana"),
        ("{{ phone|default('none') }}", "none"),
        ("{{ profile.street.name|default('none') }}", "none"),
        ("{{ title|default('none') }}", "none"),
        ("{{ empty|default('none') }}", ""),
        ("{{ empty|default('none', true) }}", "none"),
        ("{{ empty|default('none', boolean=true) }}", "none"),
        ("{{ phone|default(mobile|default(email)) }}", "Ana@Example.com"),
        ("{{ teams|first }}{{ teams|last }}", "OpsDev"),
        ("{{ last_name|first }}", "R"),
        ("{{ teams|join(', ') }}", "Ops, Dev"),
        ("{{ teams|length }}{{ last_name|length }}", "24"),
        ("{{ created|date }}", "2024-03-02"),
        ("{{ created|date('%d.%m.%Y %H:%M') }}", "02.03.2024 04:30"),
        ("{{ teams|json }}", '["Ops","Dev"]'),
        ("{{ title|json }}", "null"),
        ("{{ email|split('@')|last }}", "Example.com"),
        ("{{ 'a b'|split|join('-') }}", "a-b"),
        ("{{ email|take(3) }}", "Ana"),
        ("{{ email|take(3, start=4) }}", "Exa"),
        ("{{ teams|take(1)|json }}", '["Ops"]'),
    ],
)
def test_that_filters_change_a_value(source: str, expected: str) -> None:
    assert rendered(source) == expected


def test_that_a_record_hides_a_variable_of_the_same_name() -> None:
    assert (
        rendered("{{ company }} {{ email }}", email="of the variable", company="Example") == "Example Ana@Example.com"
    )


def test_that_a_template_knows_the_names_it_begins_at() -> None:
    template = compile_template("{{ response.email|lower }}{{ profile.city ~ phone|default(company) }}")

    assert template.names == {"response", "email", "profile", "phone", "company"}


def test_that_what_a_value_says_is_never_filled_in_again() -> None:
    hostile = {"name": "{{ email }}{% for x in y %}", "email": "secret"}

    assert rendered("{{ name }}", hostile) == "{{ email }}{% for x in y %}"
    assert rendered("{{ name|default(name) ~ name }}", hostile) == hostile["name"] * 2


# ----- what finds nothing


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{{ phone }}", "phone"),
        ("Tel. {{ response.phone }}", "response.phone"),
        ("{{ profile.street }}", "profile.street"),
        ("{{ profile.street.name }}", "profile.street"),
        ("{{ teams[5] }}", "teams[5]"),
        ("{{ teams.city }}", "teams.city"),
        ("{{ email.city }}", "email.city"),
        ("{{ email[0] }}", "email[0]"),
        ("{{ title.x }}", "title.x"),
        ("{{ phone|upper }}", "phone"),
        ("{{ phone|length }}", "phone"),
        ("{{ phone|json }}", "phone"),
        ("{{ 'a' ~ phone }}", "phone"),
        ("{{ 'a' if phone else 'b' }}", "phone"),
        ("{{ 'a' if not phone else 'b' }}", "phone"),
        ("{{ 'a' if phone == 1 else 'b' }}", "phone"),
        ("{{ 'a' if 1 == phone else 'b' }}", "phone"),
        ("{{ 'a' if phone in teams else 'b' }}", "phone"),
        ("{{ 'a' if phone is none else 'b' }}", "phone"),
        ("{{ phone or 'b' }}", "phone"),
        ("{{ empty or phone }}", "phone"),
        ("{{ is_admin and phone }}", "phone"),
        ("{{ email|default(phone) }}", "phone"),
        ("{{ phone if is_admin else 'b' }}", "phone"),
        ("{{ (phone if is_admin else 'b')|default('c') }}", "phone"),
    ],
)
def test_that_a_name_that_finds_nothing_is_an_error_wherever_it_stands(source: str, name: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        rendered(source)

    assert str(caught.value) == f"nothing is found for “{name}”"


@pytest.mark.parametrize("source", ["{{ title }}", "{{ 'x' ~ title }}", "{{ title|upper }}", "{{ title|length }}"])
def test_that_an_empty_value_is_never_shown_as_nothing_or_none(source: str) -> None:
    with pytest.raises(TemplateProblem, match="“title” is empty; default"):
        rendered(source)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("{{ teams }}", "a list cannot be shown"),
        ("{{ profile }}", "an object cannot be shown"),
        ("{{ profile|lower }}", "an object cannot be shown"),
        ("{{ email|join }}", "join needs a list"),
        ("{{ nobody|first }}", "there is nothing"),
        ("{{ empty|last }}", "there is nothing"),
        ("{{ email|date }}", "“Ana@Example.com” is not a date"),
        ("{{ teams|date }}", "not a date"),
        ("{{ created|date('%Q') }}", "is not the form of a date"),
        ("{{ created|date('%99999999d') }}", "is not the form of a date"),
        ("{{ email|take(1001) }}", "from 0 to 1,000"),
        ("{{ email|take(-1) }}", "from 0 to 1,000"),
        ("{{ email|take('3') }}", "from 0 to 1,000"),
        ("{{ 'a' if email < 3 else 'b' }}", "different kinds"),
        ("{{ 'a' if 3 in email else 'b' }}", "different kinds"),
        ("{{ 'a' if 3 in count else 'b' }}", "different kinds"),
    ],
)
def test_that_a_value_that_does_not_fit_is_a_problem_in_a_sentence(source: str, complaint: str) -> None:
    with pytest.raises(TemplateProblem, match=complaint):
        rendered(source)


# ----- what is refused, with the column


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ response.x|foo }}", "Column 15: “foo” is not a filter."),
        ("foo {{ a|foo }}", "Column 10: “foo” is not a filter."),
        ("{{ a is odd }}", "Column 6: “odd” is not a test."),
        ("{{jjump_cloud_user_id}", "Column 22: a single } does not close the {{ of column 1."),
        ("{{ a", "Column 1: {{ is not closed; }} is missing."),
        ("a {{ b {{ c }}", "Column 8: a second {{ before the first was closed."),
        ("{email}}", "Column 7: }} closes nothing; an expression begins with {{."),
        ("{{ a }} }}", "Column 9: }} closes nothing; an expression begins with {{."),
        ("{{ 'a }}", "Column 4: this quote is not closed."),
        ("{{ }}", "Column 3: nothing stands between the braces."),
        ("{{ a b }}", "Column 6: “b” is not expected here."),
        ("{{ a, b }}", "Column 5: “,” is not expected here."),
        ("{{ a $ b }}", "Column 6: unexpected char '$'."),
        ("{{ a | }}", "Column 8: unexpected end of template, expected 'name'."),
        ("{{ (a }}", "Column 7: unexpected end of template, expected ')'."),
        ("one\ntwo {{ a|foo }}", "Line 2, column 10: “foo” is not a filter."),
        ("{{ 'a' if b }}", "Column 4: An else is missing: say what is used otherwise."),
        ("{{ a|take }}", "Column 6: “take”: missing a required argument: 'count'."),
        ("{{ a|lower(1) }}", "Column 6: “lower”: too many positional arguments."),
        ("{{ a|take(count=1, x=2) }}", "Column 6: “take”: got an unexpected keyword argument 'x'."),
    ],
)
def test_that_a_mistake_is_named_with_its_column(source: str, problem: str) -> None:
    with pytest.raises(TemplateProblem) as caught:
        compile_template(source)

    assert str(caught.value) == problem


ATTACKS = {
    "range": "{{ range(10**9) }}",
    "range without a call": "{{ range }}",
    "multiplied text": "{{ 'a'*10**9 }}",
    "power": "{{ 10**9 }}",
    "center": "{{ 'a'|center(10**9) }}",
    "center with a constant": "{{ 'a'|center(999999999) }}",
    "center as a method": "{{ 'a'.center(999999999) }}",
    "ljust": "{{ 'a'.ljust(999999999) }}",
    "format": "{{ '%999999999d'|format(1) }}",
    "format as a method": "{{ '{:>999999999}'.format(1) }}",
    "format by percent": "{{ '%999999999d' % 1 }}",
    "replace": "{{ email|replace('a', 'bbbbbbbbbbbb') }}",
    "replace as a method": "{{ email.replace('a', 'b') }}",
    "nested loops": "{% for a in teams %}{% for b in teams %}x{% endfor %}{% endfor %}",
    "doubling in a loop": "{% set x = 'a' %}{% for i in teams %}{% set x = x ~ x %}{% endfor %}",
    "recursive loop": "{% for a in teams recursive %}{{ loop(teams) }}{% endfor %}",
    "indent": "{{ email|indent(999999999) }}",
    "lipsum": "{{ lipsum(1000000) }}",
    "lipsum without a call": "{{ lipsum }}",
    "cycler": "{{ cycler('a', 'b').next() }}",
    "class by dot": "{{ email.__class__ }}",
    "class by bracket": "{{ email['__class__'] }}",
    "class by bracket in pieces": "{{ email['__cla' ~ 'ss__'] }}",
    "class by adjacent texts": "{{ email['__cla' 'ss__'] }}",
    "class by escape": "{{ email['\\x5f_class__'] }}",
    "class by attr": "{{ email|attr('__class__') }}",
    "class by map": "{{ teams|map(attribute='__class__')|join }}",
    "mro": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "mro by dot": "{{ email.mro }}",
    "globals": "{{ self.__init__.__globals__ }}",
    "globals of a filter": "{{ lower.__globals__ }}",
    "builtins": "{{ __builtins__ }}",
    "import": "{{ __import__('os') }}",
    "select": "{{ teams|select('callable') }}",
    "groupby": "{{ teams|groupby('x') }}",
    "sort": "{{ teams|sort }}",
    "xmlattr": "{{ profile|xmlattr }}",
    "pprint": "{{ profile|pprint }}",
    "tojson": "{{ profile|tojson }}",
    "safe": "{{ email|safe }}",
    "filter with dots": "{{ email|lower.__globals__ }}",
    "a filter's arguments from a list": "{{ email|take(*teams) }}",
    "a filter's arguments from an object": "{{ email|take(**profile) }}",
    "callable": "{{ 'a' if email is callable else 'b' }}",
    "test with an argument": "{{ 'a' if count is divisibleby(0) else 'b' }}",
    "a method": "{{ email.lower() }}",
    "a call": "{{ email() }}",
    "self": "{{ self }}",
    "super": "{{ super() }}",
    "loop": "{{ loop }}",
    "caller": "{{ caller() }}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "include": "{% include '/etc/passwd' %}",
    "import block": "{% import 'os' as os %}",
    "from import": "{% from 'os' import system %}",
    "extends": "{% extends 'base' %}",
    "block": "{% block a %}{% endblock %}",
    "call block": "{% call m() %}{% endcall %}",
    "filter block": "{% filter upper %}a{% endfilter %}",
    "if block": "{% if email %}a{% endif %}",
    "set": "{% set a = 1 %}",
    "with": "{% with a = 1 %}{% endwith %}",
    "autoescape": "{% autoescape true %}{% endautoescape %}",
    "do": "{% do teams.append(1) %}",
    "trans": "{% trans %}a{% endtrans %}",
    "debug": "{% debug %}",
    "comment": "{# {{ email }} #}",
    "raw": "{% raw %}{{ email }}{% endraw %}",
    "plus": "{{ count + 1 }}",
    "minus": "{{ count - 1 }}",
    "minus before a name": "{{ -count }}",
    "plus before a number": "{{ +1 }}",
    "divided": "{{ count / 0 }}",
    "divided whole": "{{ count // 0 }}",
    "rest": "{{ count % 2 }}",
    "slice": "{{ email[0:3] }}",
    "computed key": "{{ profile[email] }}",
    "list": "{{ [email] }}",
    "tuple": "{{ (email, email) }}",
    "object": "{{ {'a': email} }}",
    "assignment": "{{ a = 1 }}",
    "inner assignment": "{{ (a := 1) }}",
    "lambda": "{{ lambda: 1 }}",
    "list comprehension": "{{ [x for x in teams] }}",
    "infinite number": "{{ 1e999 }}",
    "number of 4,000 digits": "{{ " + "9" * 4000 + " }}",
    "lone surrogate": "{{ '\\ud800' }}",
    "lone surrogate in the source": "\ud800{{ email }}",
    "deep brackets": "{{ " + "(" * 1500 + "email" + ")" * 1500 + " }}",
    "deep not": "{{ " + "not " * 1000 + "email }}",
    "deep minus": "{{ " + "-" * 3000 + "1 }}",
    "deep lists": "{{ " + "[" * 1500 + "]" * 1500 + " }}",
    "deep if": "{{ " + "1 if 1 else " * 300 + "1 }}",
    "many filters": "{{ email" + "|lower" * 500 + " }}",
    "many keys": "{{ a" + ".a" * 1500 + " }}",
    "many ors": "{{ 1" + " or 1" * 700 + " }}",
    "65 look-ups": "{{ email }}" * 65,
    "65 look-ups in one": "{{ email" + " ~ email" * 64 + " }}",
    "65 keys": "{{ response" + ".a" * 64 + " }}",
    "more than 4 KB": "a" * 4097,
    "more than 4 KB of bytes": "é" * 2049,
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_p11_that_a_template_cannot(name: str) -> None:
    with pytest.raises(TemplateProblem):
        rendered(ATTACKS[name])


def test_p11_that_64_look_ups_are_allowed() -> None:
    assert rendered("{{ count }}" * 64) == "3" * 64


def test_p11_that_4_kb_are_allowed() -> None:
    assert rendered("a" * 4096) == "a" * 4096


def test_p11_that_line_statements_are_text() -> None:
    source = "# for x in range(10**9)\n{{ count }}\n# endfor\n## comment\n%% set a = 1"

    assert rendered(source) == source.replace("{{ count }}", "3")


@pytest.mark.parametrize(
    "source",
    [
        "{{ big }}" * 3,
        "{{ big ~ big ~ big }}",
        "{{ (big ~ big) ~ (big ~ big) }}",
        "{{ many|join(big) }}",
        "{{ bigs|join }}",
        "{{ bigs|json }}",
        "{{ huge }}",
        "{{ huge|lower }}",
        "{{ huge|trim }}",
        "{{ huge|json|upper }}",
        "{{ missing|default(huge) }}",
        "{{ huge|split('x')|length }}",
        "{{ sharp|upper }}",
        "{{ 'a' ~ huge|take(1000) ~ huge }}",
    ],
)
def test_p11_that_no_result_is_larger_than_256_kb(source: str) -> None:
    record = {
        "big": "a" * 100_000,
        "bigs": ["a" * 100_000] * 3,
        "many": ["a"] * 100,
        "huge": "a" * (LONGEST_RESULT + 1),
        "sharp": "ß" * (LONGEST_RESULT - 1),
    }

    with pytest.raises(TemplateProblem, match="larger than 256 KB"):
        rendered(source, record)


def test_p11_that_a_result_of_256_kb_is_allowed() -> None:
    assert len(rendered("{{ huge }}", {"huge": "a" * LONGEST_RESULT})) == LONGEST_RESULT


@pytest.mark.parametrize("source", ["{{ many|join }}", "{{ text|split(',')|length }}"])
def test_p11_that_more_than_a_thousand_items_are_refused_and_never_cut(source: str) -> None:
    with pytest.raises(TemplateProblem, match="1,000"):
        rendered(source, {"many": ["a"] * 1001, "text": "a," * 1001})


def test_p11_that_doubling_within_4_kb_ends_at_the_limit() -> None:
    source = "x"
    while len(f"{{{{ {source}|default({source}) ~ {source} }}}}") < 4000:
        source = f"({source} ~ {source})"

    with pytest.raises(TemplateProblem):
        rendered(f"{{{{ {source} }}}}", {"x": "a" * 10_000})


@pytest.mark.parametrize(
    "source", ["{{ email|lower }}", "{{ email ~ email }}", "{{ 'a' if count < 4 else 'b' }}", "{{ email }}"]
)
def test_p11_that_a_template_that_takes_too_long_is_ended_between_two_steps(source: str) -> None:
    template = compile_template(source, seconds=0)

    with pytest.raises(TemplateProblem, match="longer than 50 ms"):
        template.render(RECORD)


def test_p11_that_deep_nesting_is_refused_even_where_little_stack_is_left() -> None:
    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
        else:
            with pytest.raises(TemplateProblem, match="deeply nested"):
                compile_template(ATTACKS["deep brackets"])

    deeper(sys.getrecursionlimit() // 2)


# ----- anything at all


PIECES = st.sampled_from(
    [
        "{{", "}}", "{{ ", " }}", "{%", "%}", "{#", "#}", "{", "}", "|", "~", ".", ",", "(", ")", "[", "]", "'", '"',
        "\\", " ", "\n", "\r\n", "-", "+", "*", "/", "%", "=", "==", "<", ">=", "!", "1", "0x1f", "1_0", "1e9",
        "a", "b", "email", "response", "self", "__class__", "if", "else", "and", "or", "not", "in", "is", "none",
        "true", "defined", "lower", "default", "join", "take(1)", "split", "date", "json", "first", "for", "set",
        "endif", "é", "名", "\ud800", "\0", "\u2028", "😀", "'\\x", "'\\N{", "\\u12",
    ]
)  # fmt: skip


def outcome(source: str, record: dict[str, Any]) -> str:
    try:
        return compile_template(source).render(record)
    except TemplateProblem as problem:
        return f"problem: {problem}"


SOURCES = st.lists(PIECES, max_size=30).map("".join)


@given(SOURCES | SOURCES.map("{{{{ {} }}}}".format), records())
@example("{{ '\\N{x}' }}", {})
@example("{{ '\\' }}", {})
@example("{{ 0x }}", {})
@example("{{ 0777 }}", {})
@example("{{ 1_ }}", {})
@example("{{ a.1.5 }}", {})
def test_p11_that_any_text_renders_or_is_a_template_problem(source: str, record: dict[str, Any]) -> None:
    assert isinstance(outcome(source, record), str)


@given(st.text(max_size=200), records())
def test_p11_that_any_unicode_renders_or_is_a_template_problem(source: str, record: dict[str, Any]) -> None:
    assert isinstance(outcome(source, record), str)


def expressions() -> st.SearchStrategy[str]:
    """Expressions that parse, whatever they come to."""
    names = st.sampled_from(
        ["a", "b", "name", "response.a", "response['odd key']", "a[0]", "a[-1].b", "nothing", "'x'", "1", "none"]
    )
    filters = st.sampled_from(
        ["lower", "upper", "trim", "title", "default('d')", "default(a, true)", "first", "last", "join", "join(b)",
         "length", "date", "date('%H')", "json", "split", "split(b)", "take(2)", "take(1, start=1)"]
    )  # fmt: skip
    return st.recursive(
        names,
        lambda inner: st.one_of(
            st.builds("{}|{}".format, names, filters),
            st.builds("({})|{}".format, inner, filters),
            st.builds("({}) ~ ({})".format, inner, inner),
            st.builds("({}) if ({}) else ({})".format, inner, inner, inner),
            st.builds(
                "({}) {} ({})".format,
                inner,
                st.sampled_from(["==", "!=", "<", ">=", "in", "not in", "and", "or"]),
                inner,
            ),
            st.builds("not ({})".format, inner),
            st.builds("({}) is {}".format, inner, st.sampled_from(["defined", "none", "not none"])),
        ),
        max_leaves=6,
    )


@given(expressions(), records())
def test_p11_that_any_admitted_expression_gives_text_or_a_template_problem(source: str, record: dict[str, Any]) -> None:
    template = compile_template(f"{{{{ {source} }}}}")
    try:
        text = template.render(record)
    except TemplateProblem:
        return

    assert isinstance(text, str)
    assert text != "None"


@pytest.mark.parametrize("text", ["{{ a }}", "a }}", "{% if %}", "{# c #}"])
def test_that_text_with_braces_is_a_template(text: str) -> None:
    assert is_template(text)


@pytest.mark.parametrize("text", ["email", "profile.first_name", "a['{b}']", "connect:company_code"])
def test_that_text_without_double_braces_is_none(text: str) -> None:
    assert not is_template(text)
