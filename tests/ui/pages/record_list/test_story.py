from saasdesk.records.history import ReadingGap, RecordChange
from saasdesk.ui.pages.record_list.story import Step, entries

AT = "2026-03-01T02:00:00Z"


def change(**values: object) -> RecordChange:
    usual: dict[str, object] = {
        "at": AT,
        "session": 7,
        "integration": "PagerDuty users",
        "session_kind": "run",
        "cause": "sync 7",
        "object": "people",
        "application": "",
        "kind": "update",
        "field": "name",
        "label": "Name",
        "before": "Ana Ruiz",
        "after": "Ana Ruiz López",
        "reason": "changed at the source",
    }
    return RecordChange(**{**usual, **values})  # type: ignore[arg-type]  # by name


def test_that_one_value_changed_in_person_and_account_is_told_once() -> None:
    both = [change(object="saas_users", application="PagerDuty"), change()]

    (entry,) = entries(both)

    assert entry.steps == (Step("Name", "Ana Ruiz", "Ana Ruiz López"),)


def test_that_fields_which_got_the_same_value_share_a_step() -> None:
    told = [
        change(field=name, label=name.title(), before="a@example.com", after="b@example.com")
        for name in ("username", "email")
    ]

    (entry,) = entries(told)

    assert entry.steps == (Step("Email, Username", "a@example.com", "b@example.com"),)


def test_that_everything_a_run_made_is_one_entry_with_the_person_first() -> None:
    made = [
        change(kind="create", object="licences", application="PagerDuty", before=None, after=None),
        change(kind="create", object="saas_users", application="PagerDuty", before=None, after=None),
        change(kind="create", before=None, after=None, reason="no match by Email"),
    ]

    (entry,) = entries(made)

    assert entry.title == "Person added · PagerDuty account found · PagerDuty licence assigned"
    assert not entry.reason


def test_that_a_deactivation_says_why() -> None:
    gone = [change(kind="deactivate", object="saas_users", application="PagerDuty", reason="missing from the listing")]

    (entry,) = entries(gone)

    assert (entry.title, entry.reason) == ("PagerDuty account deactivated", "missing from the listing")


def test_that_what_title_and_source_say_already_is_no_reason() -> None:
    (entry,) = entries(
        [change(kind="archive", session=None, integration="", cause="by hand", reason="archived by hand")]
    )

    assert (entry.title, entry.reason, entry.source) == ("Person archived", "", "by hand")


def test_that_two_runs_are_two_entries_newest_first() -> None:
    told = entries([change(session=8, at="2026-03-02T02:00:00Z"), change()])

    assert [entry.session for entry in told] == [8, 7]


def test_that_a_change_by_hand_names_its_cause_and_links_to_no_run() -> None:
    (entry,) = entries([change(session=None, integration="", cause="by hand")])

    assert (entry.source, entry.session) == ("by hand", None)


def test_that_the_account_says_why_it_went_and_not_its_licence() -> None:
    gone = [
        change(kind="deactivate", object="licences", application="PagerDuty", reason="its holder is gone"),
        change(kind="deactivate", object="saas_users", application="PagerDuty", reason="missing from the listing"),
    ]

    (entry,) = entries(gone)

    assert entry.reason == "missing from the listing"
    assert entry.applications == {"PagerDuty"}


def test_that_runs_that_could_not_read_stand_between_the_changes() -> None:
    gaps = [
        ReadingGap("2026-03-02T02:00:00Z", 9, "JumpCloud users", "failed", "The key was refused."),
        ReadingGap("2026-02-01T02:00:00Z", 3, "JumpCloud users", "incomplete", ""),
    ]

    told = entries([change()], gaps)

    assert [(entry.title, entry.reason, entry.session) for entry in told] == [
        ("JumpCloud users could not be read", "The key was refused.", 9),
        ("Changed", "", 7),
        ("JumpCloud users was not read to the end", "", 3),
    ]


def test_that_an_empty_value_is_an_empty_text() -> None:
    (entry,) = entries([change(before=None, after=3)])

    assert entry.steps == (Step("Name", "", "3"),)


def test_that_values_are_told_as_their_fields_show_them() -> None:
    told = [
        change(field="suspended", label="Suspended", type="flag", before=0, after=1),
        change(field="joined", label="Joined", type="date", before=None, after="2026-03-01"),
    ]

    (entry,) = entries(told)

    assert [(step.before, step.after) for step in entry.steps] == [("", "1 Mar 2026"), ("No", "Yes")]
