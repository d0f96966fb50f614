"""`saasdesk reclaim`: seats that could be given back, and what became of approved lists."""

import typer

from saasdesk.cli.conditions import parse_where
from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.records import cells
from saasdesk.licences.reclaim import list_reclaims
from saasdesk.licences.seats import Figure, Lane, SeatList, read_findings
from saasdesk.records.listing import ListQuery

NAME = "reclaim"
app = typer.Typer(help="Seats that nobody uses, and what giving them back would save.")


@app.command("list", help="Every seat with its evidence and how its amount was computed.")
def list_seats(
    ctx: typer.Context,
    where: list[str] = typer.Option([], "--where", metavar="FIELD OPERATOR VALUE"),
    as_json: bool = JSON_ONLY,
) -> None:
    """The seats behind the figures."""
    desk: Desk = ctx.obj
    with desk.reading() as services, desk.terminal.cancellable() as stop:
        seats = SeatList(services.store)
        columns = seats.columns()
        query = ListQuery(rule=parse_where(where, [column.key for column in columns]), sort=(("monthly", True),))
        if as_json:
            desk.terminal.json_lines(seats.iterate_json(query, stop))
            return
        shown = [column for column in columns if column.is_shown]
        desk.terminal.table(
            [column.title for column in shown],
            (cells(shown, row) for row in seats.iterate(query, [column.key for column in shown], stop)),
            right=[column.title for column in shown if column.align_right],
        )


@app.command("figures", help="The sums: potential, approved and realised, which are never added up.")
def figures(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """The same sums as in the window."""
    desk: Desk = ctx.obj
    with desk.reading() as services, desk.terminal.cancellable() as stop:
        findings, lists = read_findings(services.store, stop), list_reclaims(services.store)
    lanes = {lane.value: findings.lane(lane) for lane in (Lane.READY, Lane.REVIEW, Lane.PROTECTED)}
    if as_json:
        desk.terminal.json(
            {
                "potential": _figure(findings.potential),
                "lanes": {lane: _figure(figure) for lane, figure in lanes.items()},
                "lists": [
                    {
                        "name": each.name,
                        "approved_at": each.approved_at,
                        "currency": each.currency,
                        "approved": {"seats": each.open_seats, "monthly": each.approved.figures},
                        "realised": {"seats": each.realised_seats, "monthly": each.realised.figures},
                    }
                    for each in lists
                ],
            }
        )
        return
    rows = [("Potential", findings.potential), *lanes.items()]
    desk.terminal.table(
        ("", "Seats", "Without a price", "A month"),
        ((name, figure.seats, figure.unpriced, figure.monthly) for name, figure in rows),
        right=("Seats", "Without a price", "A month"),
    )
    if lists:
        desk.terminal.table(
            ("List", "Approved", "Seats still held", "Approved a month", "Seats realised", "Realised a month"),
            (
                (each.name, each.approved_at, each.open_seats, each.approved, each.realised_seats, each.realised)
                for each in lists
            ),
            right=("Seats still held", "Approved a month", "Seats realised", "Realised a month"),
        )


def _figure(figure: Figure) -> dict[str, object]:
    money = figure.monthly
    return {
        "seats": figure.seats,
        "unpriced": figure.unpriced,
        "monthly": money.figures,
        "currency": money.currency,
    }
