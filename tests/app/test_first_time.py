"""The first walk through the demo: from Home to a list of who left and still costs something, in twelve clicks."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from saasdesk.app import demo_story
from saasdesk.app.demo import demo_services
from saasdesk.app.window import WindowDesk
from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.standard import list_standard
from saasdesk.services import Services
from saasdesk.ui.pages.home.attention import LEFT_BUT_ACTIVE
from tests.walks.first_time import FirstTimeWalk
from tests.walks.hands import wait_until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MOST_CLICKS = 12


def test_that_who_left_what_it_costs_and_a_list_of_it_are_within_twelve_clicks(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_story, "DAYS", (15, 8, 1))
    with demo_services(tmp_path / "demo", 60, began=timedelta(days=16)) as (services, simulator):
        demo_story.tell_story(services, simulator, lambda _share: None)
        desk = WindowDesk(qapp, services)
        desk.window.resize(1280, 800)
        desk.open()
        desk.window.activateWindow()
        wait_until(desk.window.isActiveWindow, "the window")
        walk = FirstTimeWalk(desk)

        file = walk.go()

        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        qapp.processEvents()
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = list(csv.DictReader(opened))
        assert walk.clicks <= MOST_CLICKS
        assert {(line["Finding"], line["SaaS Application"]) for line in lines} == {("Leaver", "PagerDuty")}
        assert sorted(line["Held By"] for line in lines) == _leavers_with_a_seat(services)
        assert any(float(line["EUR a Month"]) > 0 for line in lines)
        _check_that_home_and_the_report_mean_the_same(services)


def _leavers_with_a_seat(services: Services) -> list[str]:
    with services.store.reading() as db:
        rows = db.execute_sql(
            """
            SELECT u.email FROM licence l JOIN saas_user u ON u.id = l.saas_user JOIN person p ON p.id = u.person
            JOIN saas_application a ON a.id = l.saas_application
            WHERE a.name = 'PagerDuty' AND l.deactivated = 0 AND l.archived = 0 AND (p.deactivated OR p.archived)
            """
        ).fetchall()
    return sorted(email for (email,) in rows)


def _check_that_home_and_the_report_mean_the_same(services: Services) -> None:
    """Who is a leaver for one is a leaver for the other, whether a run or a person said so."""
    people = RecordList(services.store, ObjectKind.PEOPLE)
    report = ReportLines(services.store, next(each for each in list_standard() if each.name.startswith("Leavers")))
    named = {row[0] for row in report.iterate(report.query, ["person.email"])}

    query = ListQuery(rule=LEFT_BUT_ACTIVE, active=False)
    emails = {row[0] for row in people.rows(people.first_ids(query, 100), ("email",)).values()}

    assert emails == named
    assert emails
