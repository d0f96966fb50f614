import pytest

from saasdesk.errors import UserError
from saasdesk.store import Store
from saasdesk.store.variables import Variable, delete_variable, list_variables, set_variable


def actions(store: Store) -> list[tuple[str, str]]:
    with store.reading() as db:
        return db.execute_sql("SELECT action, detail FROM audit ORDER BY id").fetchall()


def test_that_variables_are_listed_by_name_whatever_their_case(store: Store) -> None:
    for key in ("zendesk.Subdomain", "JetBrains.Company Code", "atlassian"):
        set_variable(store, key, "value")

    assert [variable.key for variable in list_variables(store)] == [
        "atlassian",
        "JetBrains.Company Code",
        "zendesk.Subdomain",
    ]


def test_that_setting_a_variable_again_replaces_its_value(store: Store) -> None:
    set_variable(store, "Company Code", "one")
    set_variable(store, " company code ", " two ")

    assert list_variables(store) == (Variable("Company Code", "two"),)


def test_p16_that_what_happens_to_a_variable_is_in_the_audit_log(store: Store) -> None:
    set_variable(store, "code", "one")
    set_variable(store, "code", "one")
    set_variable(store, "code", "two")
    delete_variable(store, "CODE")

    assert actions(store) == [
        ("variable.set", '{"after":"one","before":null}'),
        ("variable.set", '{"after":"two","before":"one"}'),
        ("variable.deleted", '{"before":"two"}'),
    ]


@pytest.mark.parametrize("key", ["", " ", "{{ code }}", "a\nb", ".hidden", "x" * 129])
def test_that_a_name_that_no_template_could_use_is_refused(store: Store, key: str) -> None:
    with pytest.raises(UserError, match="A variable cannot be called"):
        set_variable(store, key, "value")


@pytest.mark.parametrize("value", ["x" * 4_097, "a\0b", "\ud800"])
def test_that_a_value_that_is_no_short_text_is_refused(store: Store, value: str) -> None:
    with pytest.raises(UserError, match="takes text of at most"):
        set_variable(store, "code", value)


def test_that_deleting_what_is_not_there_says_so(store: Store) -> None:
    with pytest.raises(UserError, match="There is no variable “code”"):
        delete_variable(store, "code")

    assert actions(store) == []
