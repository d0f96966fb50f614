"""Everywhere that somebody can go in the window, over a company in which something happened."""

from collections.abc import Sequence

from saasdesk.fields import ObjectKind
from saasdesk.licences.priced_lists import ListObject
from saasdesk.records.editing import add_record
from saasdesk.records.listing import ListQuery
from saasdesk.records.past import moment_of_run
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import add_report
from saasdesk.workflows import workflows
from saasdesk.workflows.editing import add_block, new_document, with_settings
from saasdesk.workflows.planning import plan_workflow
from saasdesk.workflows.runner import run_workflow
from tests.sync.conftest import Office


def send_somebody_through(office: Office) -> None:
    """A workflow that was launched and run, and asks nothing of a vendor."""
    settings = {"values": {"department": "Walked"}}
    document = new_document("Walk", "people")
    document = with_settings(document, "begin", {"criteria": {"field": "name", "operator": "is_not_empty"}})
    document, _ = add_block(document, "update", after=("begin", "next"), settings=settings)
    launched = workflows.launch(office.store, office.vault, workflows.save_workflow(office.store, document))
    plan = plan_workflow(office.store, office.vault, document)
    run_workflow(office.store, office.vault, launched, plan, approved=0, event="by hand 1")


def places(office: Office) -> Sequence[tuple[str, object]]:
    """Every page, as somebody would come to it."""
    plan = office.value("SELECT max(id) FROM plan")
    session = office.value("SELECT max(id) FROM sync_session")
    person = office.value("SELECT min(id) FROM person")
    asset = office.value("SELECT min(id) FROM asset") or add_record(office.store, ObjectKind.ASSETS, {"name": "Laptop"})
    application = office.value("SELECT min(id) FROM saas_application")
    named = {"field": "name", "operator": "is_not_empty"}
    about = {"name": "Names", "object": "people", "filter": named, "group_by": ["department"], "sort": ["-count"]}
    report = add_report(office.store, ReportDocument.model_validate(about))
    first = office.value("SELECT min(id) FROM sync_session WHERE finished_at IS NOT NULL")
    starters = office.store.profile.exports / "starters.csv"
    starters.write_text("Email,Name\nli@example.com,Li\n", encoding="utf-8")
    return (
        ("home", None),
        ("dashboards", None),
        ("reports", None),
        ("reports", "Users per application"),
        ("report", report.id),
        ("listed", (ListObject.SAAS_USERS, ListQuery(), "Accounts")),
        ("listed", (ListObject.SEATS, ListQuery(), "Seats")),
        ("integrations", None),
        ("integration", 1),
        ("mapping", 1),
        ("plan", plan),
        ("people", None),
        ("people", person),
        ("duplicates", None),
        ("import", (ObjectKind.PEOPLE, starters)),
        ("person", person),
        ("comparison", moment_of_run(office.store, str(first))),
        ("software", None),
        ("software", application),
        ("software", (application, "licences")),
        ("software", (application, "costs")),
        ("software", (application, "actions")),
        ("software", (application, "history")),
        ("reclaim", None),
        ("reclaim", ("lists",)),
        ("hardware", None),
        ("asset", asset),
        ("workflows", None),
        ("workflow", (1, "design")),
        ("workflow", (1, "runs")),
        ("workflow", (1, "versions")),
        ("workflow_plan", 1),
        ("activity", None),
        ("activity", session),
        ("activity", "runs"),
        ("activity", "approvals"),
        ("activity", "audit"),
        ("configuration", "fields"),
        ("configuration", "objects"),
        ("configuration", "variables"),
        ("configuration", "credentials"),
        ("settings", None),
        ("start", None),
    )
