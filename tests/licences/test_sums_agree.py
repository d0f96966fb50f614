"""Whoever adds up the rows comes to the headline: in the service, the list, the file and the shell."""

import csv
import json
import threading
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saasdesk import app
from saasdesk.errors import UserError
from saasdesk.licences.money import Money, Period
from saasdesk.licences.priced_lists import ListObject
from saasdesk.licences.prices import Price, PriceScope, keep_price, list_prices
from saasdesk.licences.reclaim import approve, list_reclaims, seats_of_list
from saasdesk.licences.seats import Figure, Finding, Lane, SeatList, read_application_seats, read_findings
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery
from saasdesk.reports.csv_export import export_records
from saasdesk.reports.csv_lines import CsvStyle
from saasdesk.reports.dashboards.board import Measure, Widget, WidgetKind
from saasdesk.reports.dashboards.figures import Figure as DashboardFigure
from saasdesk.reports.dashboards.figures import figures_of
from saasdesk.reports.report.lines import ReportLines
from saasdesk.reports.report.standard import list_standard
from saasdesk.store import Store
from tests.licences.conftest import days_ago
from tests.records.listing.company import Company

_SEAT = st.tuples(
    st.sampled_from([0, 1]),  # which application
    st.sampled_from(["Business", "Starter", None]),
    st.sampled_from([1, 100, None]),  # days since it was used
    st.booleans(),  # whether somebody has it
    st.booleans(),  # whether its account has a person
)
_PRICE = st.tuples(
    st.sampled_from([0, 1]),
    st.sampled_from([PriceScope.APPLICATION, PriceScope.PRODUCT]),
    st.sampled_from(["Business", "starter"]),
    st.integers(0, 99_999),
    st.sampled_from(["EUR", "USD"]),
    st.sampled_from(list(Period)),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seats=st.lists(_SEAT, min_size=1, max_size=14),
    prices=st.lists(_PRICE, max_size=4),
    protects=st.booleans(),
    approves=st.integers(0, 3),
)
def test_that_every_headline_is_the_sum_of_its_rows(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    seats: list[tuple[int, str | None, int | None, bool, bool]],
    prices: list[tuple[int, PriceScope, str, int, str, Period]],
    protects: bool,
    approves: int,
) -> None:
    folder = tmp_path_factory.mktemp("company") / "profile"
    with Store.open(open_profile(folder)) as store:
        _fill(store, seats, prices, protects=protects)
        approve_some(store, approves)
        findings = read_findings(store)
        rows = rows_of(store)
        exported = csv_of(store, folder)

        for lane in Lane:
            of_lane = [monthly for its_lane, monthly in rows if its_lane == lane.value]
            figure = findings.lane(lane)
            assert (figure.seats, figure.priced, figure.monthly.amount) == _sum(of_lane)
            assert _sum([monthly for its_lane, monthly in exported if its_lane == lane.value]) == _sum(of_lane)
        open_ones = [monthly for lane, monthly in rows if lane in (Lane.READY, Lane.REVIEW)]
        assert (findings.potential.seats, findings.potential.monthly.amount) == (_sum(open_ones)[0], _sum(open_ones)[2])
        for reclaim in list_reclaims(store):
            listed = seats_of_list(store, reclaim.id)
            assert reclaim.open_seats == len(listed)
            assert reclaim.approved.minor == sum(seat.monthly.minor for seat in listed if seat.monthly is not None)
        idle = [each.figure for each in findings.counts if (each.lane, each.finding) == (Lane.READY, Finding.IDLE)]
        assert of_report(store, "Idle seats") == [
            sum(each.seats for each in idle),
            sum(each.priced for each in idle),
            float(sum(each.monthly.amount for each in idle)),
        ]
        by_application, by_lane = of_dashboard(store, "saas_application", "lane")
        uses = Counter[str]()
        for application in read_application_seats(store):
            uses += application.by_use
            assert application.total.seats == sum(application.by_use.values())
            assert by_application[application.name] == told(application.total)
        assert {lane: by_lane.get(lane, (0, 0)) for lane in Lane} == {lane: told(findings.lane(lane)) for lane in Lane}
        assert sum(uses.values()) == len(seats)

    capsys.readouterr()
    assert app.main(["--profile", str(folder), "reclaim", "figures", "--json"]) == 0
    potential = json.loads(capsys.readouterr().out)["potential"]
    assert (potential["seats"], Decimal(potential["monthly"])) == (
        findings.potential.seats,
        findings.potential.monthly.amount,
    )


def of_dashboard(store: Store, *fields: str) -> list[dict[str, tuple[float, float]]]:
    """How many seats each value of a field has, and what they cost, as a dashboard tells it."""
    counts = [Widget(title="Seats", kind=WidgetKind.BAR, object=ListObject.SEATS, group_by=each) for each in fields]
    sums = [each.model_copy(update={"measure": Measure.SUM, "of": "monthly"}) for each in counts]
    figures = [values_of(figure) for figure in figures_of(store, [*counts, *sums])]
    pairs = zip(figures[: len(fields)], figures[len(fields) :], strict=True)
    return [{label: (seats, amounts[label]) for label, seats in counted.items()} for counted, amounts in pairs]


def values_of(figure: DashboardFigure | UserError) -> dict[str, float]:
    assert isinstance(figure, DashboardFigure)
    return {mark.label: mark.value or 0 for mark in figure.series[0].marks}


def of_report(store: Store, name: str) -> list[float]:
    lines = ReportLines(store, next(report for report in list_standard() if report.name == name))
    return [value for _, value in lines.altogether().sums]


def told(figure: Figure) -> tuple[float, float]:
    return figure.seats, float(figure.monthly.amount)


def _fill(
    store: Store,
    seats: list[tuple[int, str | None, int | None, bool, bool]],
    prices: list[tuple[int, PriceScope, str, int, str, Period]],
    *,
    protects: bool,
) -> None:
    company = Company(store)
    applications = [company.application("One"), company.application("Two")]
    for number, (of, product, days, is_held, has_person) in enumerate(seats):
        account = None
        if is_held:
            account = company.saas_user(
                applications[of],
                saas_user_id=f"U{number}",
                email=f"u{number}@example.com",
                last_activity=None if days is None else days_ago(days),
                person=company.person(f"p{number}@example.com") if has_person else None,
            )
        company.licence(applications[of], f"L{number}", saas_user=account, product=product)
    for of, scope, name, minor, currency, period in prices:
        keep_price(store, Price(applications[of], Money(minor, currency), period, date(2020, 1, 1), scope, name))
    if protects:
        store.save_setting("protected_records", "p0@example.com, p1@example.com")
    assert len(list_prices(store)) <= len(prices)


def approve_some(store: Store, count: int) -> None:
    lanes = ListQuery()
    ids = list(SeatList(store).ids(lanes))
    rows = SeatList(store).rows(ids, ("lane",))
    wanted = [number for number in ids if rows[number][0] in (Lane.READY, Lane.REVIEW)][:count]
    if wanted:
        approve(store, wanted, "Some")


def rows_of(store: Store) -> list[tuple[str, Decimal | None]]:
    return [
        (str(lane), None if monthly is None else Decimal(str(monthly)))
        for lane, monthly in SeatList(store).iterate(ListQuery(), ("lane", "monthly"))
    ]


def csv_of(store: Store, folder: Path) -> list[tuple[str, Decimal | None]]:
    target = folder / "exports" / "seats.csv"
    target.parent.mkdir(exist_ok=True)
    export_records(
        SeatList(store),
        ListQuery(),
        ("lane", "monthly"),
        target,
        what="seats",
        style=CsvStyle(),
        tell=lambda _news: None,
        stop=threading.Event(),
    )
    with target.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    return [(lane, Decimal(monthly) if monthly else None) for lane, monthly in lines]


def _sum(monthly: list[Decimal | None]) -> tuple[int, int, Decimal]:
    known = [each for each in monthly if each is not None]
    return len(monthly), len(known), sum(known, Decimal(0))
