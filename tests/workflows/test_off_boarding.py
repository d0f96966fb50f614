"""A person is off-boarded across all four vendors: asked first, in a safe order, and put on one sheet at the end."""

import csv
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.errors import UserError
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.store.preferences import write_setting
from saasdesk.workflows.certificate import Certificate, certificate_of, to_html, write_csv, write_html
from saasdesk.workflows.planning import plan_workflow
from saasdesk.workflows.results import RunState, WorkflowResult
from saasdesk.workflows.starters import find_starter
from saasdesk.workflows.waiting import approvals
from saasdesk.workflows.waiting.resuming import resume_waiting
from saasdesk.workflows.workflow import Workflow
from tests.workflows.conftest import Workshop

VENDORS = ("jumpcloud", "atlassian", "jetbrains", "pagerduty")


class Company(Workshop):
    """A workshop that reads all four vendors."""

    def __init__(self, folder: Path, simulator: Simulator) -> None:
        super().__init__(folder, simulator)
        for vendor, access in simulator.access().items():
            self.connector = CONNECTORS[vendor]
            inputs = {known.key: access[known.key] for known in self.connector.inputs if access.get(known.key)}
            inputs.pop("base_url", None)
            self.vault.set(
                f"{vendor} key", self.connector, access["key"], permission="act", inputs=inputs,
                base_url=access["base_url"],
            )  # fmt: skip
            self.integrate(vendor, credential=f"{vendor} key")
            self.run(vendor)
        self.store.write(lambda db: write_setting(db, "destructive_calls_per_day", "1000"))
        self.workflow = self.launch(find_starter("off_board").copy(self.vault.list()))
        self.taken: set[int] = set()

    def somebody(self) -> int:
        """A person with an account at every vendor, whom each of them lets go."""
        busy = set(self.simulator.pagerduty.busy_ids())
        managers = {
            user["manager"] for user in map(self.simulator.jumpcloud.user_of, self._serials()) if "manager" in user
        }
        atlassian = self.simulator.atlassian
        for person, pagerduty, jumpcloud in self.rows(
            """
            SELECT p.id, p.pager_duty_user_id, p.jump_cloud_user_id FROM person p
            WHERE (SELECT count(DISTINCT saas_application) FROM saas_user u WHERE u.person = p.id) = 4
            ORDER BY p.id
            """
        ):
            account = str(
                self.value("SELECT saas_user_id FROM saas_user WHERE person = ? AND saas_application = "
                           "(SELECT id FROM saas_application WHERE name = 'Atlassian')", person)
            )  # fmt: skip
            serial = atlassian.accounts.serial_in(account)
            assert serial is not None
            if (
                person not in self.taken
                and pagerduty not in busy
                and jumpcloud not in managers
                and not atlassian.accounts.comes_from_elsewhere(serial)
                and atlassian.accounts.dice(serial)[20] > 4
                and self.at("atlassian", account)
            ):
                self.taken.add(int(str(person)))
                return int(str(person))
        raise AssertionError("nobody has four accounts")

    def _serials(self) -> list[int]:
        return [account.serial for account in self.simulator.jumpcloud.truth()]

    def at(self, vendor: str, account: str) -> bool:
        """Whether the vendor has this account, and it is open."""
        return any(each.active for each in self.simulator.truth(vendor) if each.id == account)

    def accounts(self, person: int) -> dict[str, str]:
        found = self.rows(
            "SELECT a.name, u.saas_user_id FROM saas_user u JOIN saas_application a ON a.id = u.saas_application "
            "WHERE u.person = ?",
            person,
        )
        return {str(title).casefold(): str(account) for title, account in found}

    def off_board(self, workflow: Workflow, person: int) -> tuple[int, WorkflowResult]:
        """Begin it: who is asked, and what came of it so far."""
        plan = plan_workflow(self.store, self.vault, workflow.document, only=[person])
        result = self.go(workflow, event=f"by hand {person}", plan=plan)
        (question,) = [each for each in approvals.list_approvals(self.store) if each.record_id == person]
        return question.id, result

    def let_it_go_on(self) -> None:
        for _ in range(6):
            resume_waiting(self.store, self.vault)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with Simulator(120) as simulator:
        made = Company(tmp_path_factory.mktemp("company") / "profile", simulator)
        yield made
        made.close()


@pytest.fixture
def closed(company: Company) -> tuple[int, Certificate]:
    """Somebody who was off-boarded, and the sheet."""
    person = company.somebody()
    question, result = company.off_board(company.workflow, person)
    assert [each.state for each in result.ended] == [RunState.WAITING], result
    approvals.approve(company.store, question, note="last day", by="Kim")
    company.let_it_go_on()
    return person, certificate_of(company.store, result.ended[0].run)


def test_that_nothing_is_closed_before_somebody_says_yes(company: Company) -> None:
    person = company.somebody()
    before = len(company.calls())

    question, _result = company.off_board(company.workflow, person)
    company.let_it_go_on()
    approvals.reject(company.store, question, by="Kim")
    company.let_it_go_on()

    assert len(company.calls()) == before
    assert company.at("pagerduty", company.accounts(person)["pagerduty"])


def test_that_every_account_is_closed_and_what_cannot_be_undone_comes_last(
    company: Company, closed: tuple[int, Certificate]
) -> None:
    person, sheet = closed
    accounts = company.accounts(person)

    assert not any(company.at(vendor, accounts[vendor]) for vendor in ("pagerduty", "atlassian"))
    serial = next(a.serial for a in company.simulator.jumpcloud.truth() if a.id == accounts["jumpcloud"])
    assert company.simulator.jumpcloud.user_of(serial)["state"] == "SUSPENDED"
    called = [call.connector for call in company.calls() if call.run in _runs(company, sheet)]
    assert called == list(VENDORS)


def _runs(company: Company, sheet: Certificate) -> set[object]:
    return {number for (number,) in company.rows("SELECT id FROM workflow_run WHERE parent = ?", sheet.run.id)}


def test_that_the_sheet_tells_all_of_it(company: Company, closed: tuple[int, Certificate], tmp_path: Path) -> None:
    _person, sheet = closed
    page, table = tmp_path / "sheet.html", tmp_path / "sheet.csv"

    write_html(sheet, page)
    write_csv(sheet, table, threading.Event())

    assert [line.vendor for line in sheet.lines] == ["JumpCloud", "Atlassian", "JetBrains", "PagerDuty"]
    by_vendor = {line.vendor: (line.outcome, line.verified) for line in sheet.lines}
    assert by_vendor["PagerDuty"] == ("done", "gone")
    assert by_vendor["JumpCloud"] == by_vendor["Atlassian"] == ("done", "disabled")
    assert [(answer.state, answer.answered_by, answer.note) for answer in sheet.answers] == [
        ("approved", "Kim", "last day")
    ]
    text = page.read_text("utf-8")
    assert "Approved by" in text
    assert "Kim" in text
    with table.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["Vendor"] for line in lines] == [line.vendor for line in sheet.lines]
    assert {line["Read back"] for line in lines} >= {"gone", "disabled"}
    assert table.with_name("sheet.csv.manifest.json").is_file()


def test_that_one_vendor_that_refuses_does_not_keep_the_others_and_stands_on_the_sheet(company: Company) -> None:
    person = company.somebody()
    accounts = company.accounts(person)
    question, result = company.off_board(company.workflow, person)
    approvals.approve(company.store, question, by="Kim")
    fault = company.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="disable", vendor="atlassian", status=403))

    company.let_it_go_on()

    company.simulator.faults.remove(fault)
    sheet = certificate_of(company.store, result.ended[0].run)
    outcomes = {line.vendor: line.outcome for line in sheet.lines}
    assert outcomes["Atlassian"] == "not done"
    assert outcomes["PagerDuty"] == "done"
    assert not sheet.is_complete
    assert "1 of 4 steps" in sheet.sentence
    assert company.at("atlassian", accounts["atlassian"])
    assert not company.at("pagerduty", accounts["pagerduty"])


def test_that_what_vendors_and_people_wrote_is_only_text_on_the_sheet(closed: tuple[int, Certificate]) -> None:
    _person, sheet = closed
    odd: Any = sheet.run._replace(label="<script>alert(1)</script>")

    page = to_html(Certificate(odd, sheet.lines, sheet.answers, ("<b>x</b>",)))

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>x" not in page


def test_that_a_run_that_is_not_there_has_no_sheet(company: Company) -> None:
    with pytest.raises(UserError, match="There is no run 99999"):
        certificate_of(company.store, 99_999)
