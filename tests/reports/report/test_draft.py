import pytest

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column
from saasdesk.reports.report.document import ReportDocument, ReportObject
from saasdesk.reports.report.draft import ReportDraft, TotalDraft, draft_of
from saasdesk.reports.report.standard import list_standard


@pytest.mark.parametrize("document", list_standard(), ids=lambda document: document.name)
def test_that_a_report_that_nobody_edited_comes_back_as_it_was(document: ReportDocument) -> None:
    assert draft_of(document).document() == document


def test_that_a_draft_keeps_what_the_other_kind_of_lines_had() -> None:
    draft = ReportDraft(name=" Mine ", object=ReportObject.PEOPLE, columns=("email",), group_by=("department",))

    each, together = draft.document(), draft.model_copy(update={"is_grouped": True}).document()

    assert (each.name, each.columns, each.group_by) == ("Mine", ("email",), ())
    assert (together.columns, together.group_by) == ((), ("department",))


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"name": "  "}, "A report needs a name."),
        ({"is_grouped": True}, "Choose by what the lines are put together"),
        ({"is_grouped": True, "group_by": ("role",), "totals": ({"measure": "sum"},)}, "sum needs the column"),
        ({"filter": {"all": [{"field": "role", "operator": "equals"}]}}, "value"),
    ],
)
def test_that_a_draft_that_is_not_whole_says_what_it_lacks(change: dict[str, object], lacks: str) -> None:
    draft = ReportDraft.model_validate({"name": "Mine", "object": "people"} | change)

    with pytest.raises(UserError, match=lacks):
        draft.document()


def test_that_another_object_keeps_the_columns_that_it_has_too() -> None:
    known = {key: Column(key, key.title(), FieldType.SHORT_TEXT) for key in ("email", "role")}
    draft = ReportDraft(
        name="Mine",
        object=ReportObject.PEOPLE,
        columns=("email", "department"),
        group_by=("department", "role"),
        totals=(TotalDraft(), TotalDraft(of="department")),
        filter={"all": [{"field": "department", "operator": "is_empty"}]},
        sort=("-department", "email"),
    )

    other = draft.about(ReportObject.SAAS_USERS, known)

    assert (other.object, other.columns, other.group_by) == (ReportObject.SAAS_USERS, ("email",), ("role",))
    assert (other.totals, other.filter, other.sort) == ((TotalDraft(),), None, ("email",))


def test_that_a_name_changes_no_lines_and_a_sort_does() -> None:
    draft = ReportDraft(name="Mine", object=ReportObject.PEOPLE, sort=("email",))

    assert draft.model_copy(update={"name": "Yours", "description": "Whose?"}).asks == draft.asks
    assert draft.model_copy(update={"sort": ("-email",)}).asks != draft.asks
