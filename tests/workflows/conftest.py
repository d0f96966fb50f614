"""An office whose people were read, with a key that may act."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import WorkflowDocument, document_from
from saasdesk.workflows.planning import WorkflowPlan, plan_workflow
from saasdesk.workflows.rows import call_rows
from saasdesk.workflows.runner import WorkflowResult, run_workflow
from saasdesk.workflows.workflow import Workflow
from tests.sync.conftest import Office

DELETE = "pagerduty_delete_user"


def document(name: str = "Leavers", **changes: Any) -> WorkflowDocument:
    """A workflow of the help article: delete the PagerDuty user of whoever fits."""
    values: dict[str, Any] = {
        "name": name,
        "object": "people",
        "block": [
            {
                "id": "begin",
                "kind": "begin",
                "settings": {"criteria": {"field": "role", "operator": "equals", "value": "Leaver"}},
            },
            {"id": "delete", "kind": "api", "settings": {"preset": DELETE, "credential": "pd key"}},
            {"id": "done", "kind": "end"},
        ],
        "link": [{"from": "begin", "outlet": "next", "to": "delete"}, {"from": "delete", "to": "done"}],
        **changes,
    }
    return document_from(values, "the test")


class Workshop(Office):
    """An office with workflows."""

    def launch(self, wanted: WorkflowDocument | None = None) -> Workflow:
        """Keep and launch a workflow."""
        saved = workflows.save_workflow(self.store, wanted or document())
        return workflows.launch(self.store, self.vault, saved)

    def leave(self, *addresses: str) -> list[str]:
        """Mark people as leavers, the first ones if nobody is named; the vendor's ids of those who are."""
        for address in addresses:
            self.write("UPDATE person SET role = 'Leaver' WHERE email = ?", address)
        return [str(each) for (each,) in self.rows("SELECT pager_duty_user_id FROM person WHERE role = 'Leaver'")]

    def addresses(self, count: int) -> list[str]:
        """Addresses of people whom PagerDuty lets go: everybody but its owner, and whoever has incidents."""
        sql = "SELECT u.email FROM saas_user u WHERE u.role NOT LIKE '%wner%' ORDER BY u.id DESC LIMIT ?"
        return [str(address) for (address,) in self.rows(sql, count)]

    def write(self, sql: str, *values: object) -> None:
        """Change the database behind everybody's back."""
        self.store.write(lambda db: db.execute_sql(sql, values))

    def plan(self, workflow: Workflow) -> WorkflowPlan:
        """What it would do now."""
        return plan_workflow(self.store, self.vault, workflow.document)

    def go(self, workflow: Workflow, event: str = "by hand 1", **changes: Any) -> WorkflowResult:
        """Plan it, agree to everything, and send the records through."""
        plan = changes.pop("plan", None) or self.plan(workflow)
        approved = sum(count for danger, count in plan.calls.items() if danger.value == "destroys")
        return run_workflow(
            self.store, self.vault, workflow, plan, approved=approved, event=event, stop=self.stop, **changes
        )

    def calls(self) -> list[call_rows.ActionRow]:
        """The calls that were written down."""
        with self.store.reading() as db:
            return call_rows.actions_of(db, None)

    def at_vendor(self) -> set[str]:
        """The ids that the simulated PagerDuty has just now."""
        return {account.id for account in self.simulator.truth("pagerduty")}


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    with Simulator(40) as simulator:
        made = Workshop(tmp_path / "profile", simulator)
        made.vault.change("pd key", expires=None, permission="act", owner="", notes="")
        made.integrate()
        made.run()
        yield made
        made.close()
