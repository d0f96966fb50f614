from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.mapping import TransformProblem, step_names
from saasdesk.mapping.transforms import LONGEST_RESULT, compile_step
from tests.mapping.values import json_values


def changed(value: object, *steps: str) -> Any:
    for step in steps:
        value = compile_step(step)(value)
    return value


@pytest.mark.parametrize(
    ("steps", "before", "after"),
    [
        (["trim"], " Ana ", "Ana"),
        (["lower"], "ANA", "ana"),
        (["upper"], "ana", "ANA"),
        (["title"], "ana ruiz", "Ana Ruiz"),
        (["trim", "lower"], [" A ", 1, None], ["a", 1, None]),
        (["split:,"], "a, b,c", ["a", "b", "c"]),
        (["split:,:0"], "a, b", "a"),
        (["split:,:-1"], "a, b", "b"),
        (["split:,:5"], "a, b", None),
        (["split:"], "Ana Ruiz", ["Ana", "Ruiz"]),
        (["split::::0"], "10:20", "10"),
        (["split:::"], "10:20", ["10", "20"]),
        (["split:@:1"], "ana@example.com", "example.com"),
        (["item:1"], ["a", "b"], "b"),
        (["item:7"], ["a", "b"], None),
        (["first"], ["a", "b"], "a"),
        (["last"], ["a", "b"], "b"),
        (["first"], [], None),
        (["first"], "not a list", "not a list"),
        (["take:2"], "abc", "ab"),
        (["take:2"], ["a", "b", "c"], ["a", "b"]),
        (["join"], ["a", None, "", True, {"name": "Ops"}], "a, true, Ops"),
        (["join: / "], ["a", "b"], "a / b"),
        (["count"], ["a", "b"], 2),
        (["count"], None, 0),
        (["count"], "text", 1),
        (["default:none yet"], None, "none yet"),
        (["default:none yet"], "", "none yet"),
        (["default:none yet"], {}, "none yet"),
        (["default:none yet"], 0, 0),
        (["prefix:PD-"], "7", "PD-7"),
        (["prefix:PD-"], 7, "PD-7"),
        (["prefix:is "], True, "is true"),
        (["prefix:PD-"], ["1", "2"], ["PD-1", "PD-2"]),
        (["prefix:PD-"], None, None),
        (["suffix:@example.com"], "ana", "ana@example.com"),
        (["replace:-:_"], "a-b-c", "a_b_c"),
        (["replace:-:"], ["a-b", "c"], ["ab", "c"]),
        (["values:admin=Administrator,user=Member"], " Admin ", "Administrator"),
        (["values:admin=Administrator,user=Member"], "guest", "guest"),
        (["values:true=Yes,false=No"], False, "No"),
        (["values:1=one"], 1, "one"),
        (["values:a=b"], ["a", "c"], ["b", "c"]),
        (["date:%d.%m.%Y"], "01.03.2024", "2024-03-01T00:00:00+00:00"),
        (["date:%d.%m.%Y %H::%M %z"], "01.03.2024 10:20 +0200", "2024-03-01T08:20:00+00:00"),
        (["date"], "2024-03-01", "2024-03-01"),
        (["date:%Y"], None, None),
        (["epoch"], 0, "1970-01-01T00:00:00+00:00"),
        (["epoch"], "86400", "1970-01-02T00:00:00+00:00"),
        (["epoch:ms"], 86_400_000, "1970-01-02T00:00:00+00:00"),
        (["epoch"], None, None),
    ],
)
def test_that_steps_change_a_value_as_they_say(steps: Sequence[str], before: object, after: object) -> None:
    assert changed(before, *steps) == after


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        ("shout", "“shout” is not a step. There are: count, date, default"),
        ("", "is not a step"),
        ("trim:x", "trim takes 0 arguments after a colon, not 1"),
        ("item", "item takes 1 argument after a colon, not 0"),
        ("split", "split takes 1 to 2 arguments after a colon, not 0"),
        ("split:,:0:1", "split takes 1 to 2 arguments after a colon, not 3"),
        ("item:x", "“x” is not a position such as 0 or -1"),
        ("item:٣", "is not a position"),
        ("take:-1", "say how many"),
        ("replace:x", "replace takes 2 arguments after a colon, not 1"),
        ("replace::x", "needs the text to look for"),
        ("replace:::x", "replace takes 2 arguments"),
        ("values:a", "“a” is not of the form old=new"),
        ("date:", "the form is missing"),
        ("date:%Q", "is not a form such as"),
        ("date:%", "is not a form such as"),
        ("date:%Y%Y", "names the same part twice"),
        ("epoch:us", "seconds are “s”, thousandths “ms”"),
        ("default:" + "x" * 1024, "at most 1,024 characters"),
    ],
)
def test_that_a_wrong_step_is_refused_when_it_is_written(step: str, complaint: str) -> None:
    with pytest.raises(TransformProblem, match=complaint):
        compile_step(step)


@pytest.mark.parametrize(
    ("step", "value", "complaint"),
    [
        ("date:%d.%m.%Y", "2024-03-01", "“2024-03-01” is not a date of the form %d.%m.%Y"),
        ("date:%Y %z", "0001 +1400", "is not a date of the form"),
        ("epoch", "soon", "“soon” is no number of seconds"),
        ("epoch", True, "is no number of seconds"),
        ("epoch", float("inf"), "is no number of seconds"),
        ("epoch", [[1]], "is no number of seconds"),
        ("prefix:x", {"a": 1}, "an object inside the value has no name"),
        ("join", [{"a": 1}], "an object inside the value has no name"),
    ],
)
def test_that_a_value_that_a_step_cannot_change_is_a_problem_of_the_record(
    step: str, value: object, complaint: str
) -> None:
    with pytest.raises(TransformProblem, match=complaint):
        changed(value, step)


@pytest.mark.parametrize(
    "steps",
    [
        [f"replace:a:{'b' * 1000}"],
        ["replace:a:aa"] * 20,
        [f"suffix:{'x' * 1000}"] * 300,
        ["split:b", f"prefix:{'x' * 1000}"],
        ["split:b", f"join:{'x' * 1000}"],
    ],
)
def test_that_steps_never_make_more_than_256_kb(steps: Sequence[str]) -> None:
    with pytest.raises(TransformProblem, match="more than 256 KB"):
        changed("ab" * 10_000, *steps)


def test_that_a_text_of_the_largest_size_passes() -> None:
    assert len(changed("a" * (LONGEST_RESULT // 2), "replace:a:bb")) == LONGEST_RESULT


def test_that_every_step_is_named_once_in_order() -> None:
    assert list(step_names()) == sorted(set(step_names()))


STEPS = st.one_of(
    st.sampled_from(["trim", "lower", "upper", "title", "first", "last", "join", "count", "date", "epoch", "epoch:ms"]),
    st.builds("split:{}:{}".format, st.sampled_from([",", "a", "::"]), st.integers(-3, 3)),
    st.builds("{}:{}".format, st.sampled_from(["default", "prefix", "suffix", "join", "split"]), st.text("ab% ")),
    st.builds("replace:{}:{}".format, st.sampled_from(["a", "::", "\0"]), st.sampled_from(["", "aa", "ß"])),
    st.sampled_from(["values:a=b,true=c,1=d", "item:0", "take:3", "date:%d.%m.%Y", "date:%Y%j %Z", "date:%c"]),
)  # fmt: skip


@given(json_values(), st.lists(STEPS, max_size=5))
def test_that_any_value_is_either_changed_or_a_transform_problem(value: object, steps: list[str]) -> None:
    compiled = [compile_step(step) for step in steps]
    try:
        for step in compiled:
            value = step(value)
    except TransformProblem:
        return

    assert value is None or isinstance(value, str | int | float | list | dict)


@given(st.text(max_size=60) | st.builds("{}:{}".format, st.sampled_from(step_names()), st.text(max_size=30)))
def test_that_any_text_is_a_step_or_a_transform_problem(text: str) -> None:
    try:
        step = compile_step(text)
    except TransformProblem:
        return

    assert callable(step)
