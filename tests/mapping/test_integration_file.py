"""What an admin writes under [[map]], [[filter]] and [schedule], read the way `integration apply` reads it."""

import pytest

from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.mapping import Policy
from saasdesk.rules import Operator
from saasdesk.sync.integration import IntegrationDocument, parse_document

HEAD = 'name = "PagerDuty EU"\nconnector = "pagerduty"\n'
FIRST_TWO = '[[map]]\nsource = "email"\ntarget = "email"\nsync_key = 1\n[[map]]\nsource = "id"\ntarget = "username"\n'

COMPLETE = """
name = "PagerDuty EU"
connector = "pagerduty"

[schedule]
every = "week"
at = "02:30"
timezone = "Europe/Dublin"
days = ["monday", "thursday"]

[[map]]
source = "email"
target = "email"
sync_key = 1
update_key = true
transform = ["trim", "lower"]
policy = "only_if_source_filled"

[[map]]
source = "{{ name|trim }}"
target = "name"

[[map]]
source = "connect:credentials"
object = "saas_users"
target = "name"

[[map]]
value = 2024-03-01
target = "hired"

[[map]]
value = true
target = "vip"

[[filter]]
field = "role"
operator = "does_not_equal"
value = "read_only_user"

[[filter]]
any = [
  { field = "email", operator = "ends_with", value = "@example.com" },
  { all = [
    { field = "name", operator = "is_not_empty" },
    { field = "role", operator = "in", value = ["admin", "owner"] },
  ] },
]
"""


def read(text: str) -> IntegrationDocument:
    return parse_document(HEAD + text)


def test_that_every_key_of_a_file_is_read() -> None:
    document = parse_document(COMPLETE)

    first, second, third, fourth, fifth = document.mapping
    assert (first.source, first.object, first.target) == ("email", ObjectKind.PEOPLE, "email")
    assert (first.sync_key, first.update_key, first.transform) == (1, True, ("trim", "lower"))
    assert first.policy is Policy.ONLY_IF_SOURCE_FILLED
    assert second.source == "{{ name|trim }}"
    assert third.object is ObjectKind.SAAS_USERS
    assert fourth.value == "2024-03-01"
    assert fifth.value is True
    assert document.filters[0].operator is Operator.DOES_NOT_EQUAL
    assert [part.depth for part in document.filters[1].parts] == [1, 2]
    assert document.schedule.days == ("monday", "thursday")


def test_that_what_is_exported_is_read_back_the_same() -> None:
    document = parse_document(COMPLETE)

    assert parse_document(to_toml(document)) == document


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('source = "name"', "map[3].target is missing."),
        ('source = "name"\ntarget = ""', "map[3].target: String should have at least 1 character."),
        ('source = "name"\ntarget = "name"\ncolour = 1', "map[3].colour is not a known key."),
        ('target = "name"', "map[3]: a line has either a source or a value."),
        ('target = "name"\nsource = "a"\nvalue = "b"', "map[3]: a line has either a source or a value."),
        ('target = "name"\nsource = ""', "map[3].source: a path is empty."),
        ('target = "name"\nsource = "a"\nsync_key = "1"', "map[3].sync_key: Input should be a valid integer."),
        ('target = "name"\nsource = "a"\nupdate_key = 1', "map[3].update_key: Input should be a valid boolean."),
        ('target = "name"\nsource = "a b"', "map[3].source: “a b”: a dot is missing at column 2."),
        ('target = "name"\nsource = "{{ a|foo }}"', "map[3].source: Column 6: “foo” is not a filter."),
        (
            'target = "name"\nsource = "{{jjump_cloud_user_id}"',
            "map[3].source: Column 22: a single } does not close the {{ of column 1.",
        ),
        ('target = "name"\nsource = "{% if a %}b{% endif %}"', "map[3].source: Column 1: loops, conditions"),
        ('target = "name"\nsource = "a"\ntransform = ["trim", "shout"]', "map[3].transform: “shout” is not a step."),
        ('target = "name"\nsource = "a"\npolicy = "sometimes"', "map[3].policy: Input should be 'always'"),
        (
            'target = "name"\nsource = "a"\nobject = "assets"',
            "map[3].object is assets, but this integration loads users.",
        ),
        ('target = "name"\nsource = "a"\nsync_key = 0', "map[3].sync_key: Input should be greater than or equal to 1."),
        ('target = "name"\nvalue = "a"\nsync_key = 2', "map[3]: a constant cannot be a sync key"),
        ('target = "name"\nsource = "connect:credentials"\nsync_key = 2', "map[3]: what every record of a run shares"),
        ('target = "name"\nsource = "connector_sync_time"\nsync_key = 2', "map[3]: what every record of a run shares"),
        (
            'target = "name"\nsource = "a"\nobject = "saas_users"\nsync_key = 2',
            "map[3]: a sync key is a field of people or of assets.",
        ),
        ('target = "name"\nvalue = nan', "map[3].value: this is not a number."),
        ('target = "name"\nvalue = inf', "map[3].value: this is not a number."),
    ],
)
def test_that_a_mistake_in_a_mapping_names_its_line_and_key(line: str, problem: str) -> None:
    with pytest.raises(UserError) as caught:
        read(f"{FIRST_TWO}[[map]]\n{line}\n")

    assert str(caught.value).startswith(f"the file: {problem}")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('field = "role"', "filter[1]: an operator is missing."),
        ('field = "role"\noperator = "like"\nvalue = "x"', "filter[1].operator: Input should be 'equals'"),
        ('field = "role"\noperator = "equals"', "filter[1]: “is” needs a value; “is empty” finds what has none."),
        ('field = "role"\noperator = "is_empty"\nvalue = "x"', "filter[1]: “is empty” takes no value."),
        ('field = "role"\noperator = "in"\nvalue = "x"', "filter[1]: “is one of” needs a list of values."),
        ("any = []", "filter[1]: a group needs at least one rule."),
        (
            'any = [{ field = "a", operator = "today" }, { field = "b", operator = "within_last_days", value = "x" }]',
            "filter[1].any[2]: “is within the last … days” needs a whole number of days, 0 to 36500.",
        ),
    ],
)
def test_that_a_mistake_in_a_filter_names_its_place(line: str, problem: str) -> None:
    with pytest.raises(UserError) as caught:
        read(f"[[filter]]\n{line}\n")

    assert str(caught.value).startswith(f"the file: {problem}")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('every = "fortnight"', "schedule.every: write “15 minutes”"),
        ('every = "5 minutes"', "schedule.every: the shortest interval is 15 minutes."),
        ('at = "25:00"', "schedule.at: a time is written as HH:MM, from 00:00 to 23:59."),
        (
            'timezone = "Europe/Atlantis"',
            "schedule.timezone: “Europe/Atlantis” is not a time zone such as Europe/Dublin.",
        ),
        ('days = ["Montag"]', "schedule.days: “Montag” is not a day of the week in English, such as monday."),
        ('day_of_month = "3"', "schedule.day_of_month: Input should be a valid integer."),
        ("day_of_month = 32", "schedule.day_of_month: Input should be less than or equal to 31."),
        ('minute = "5"', "schedule.minute is not a known key."),
    ],
)
def test_that_a_mistake_in_a_schedule_names_its_key(line: str, problem: str) -> None:
    with pytest.raises(UserError) as caught:
        read(f"[schedule]\n{line}\n")

    assert str(caught.value).startswith(f"the file: {problem}")
