"""`saasdesk people`, `saas-users`, `software`, `licences`, `assets`, `seats`: read what is here."""

from collections.abc import Callable, Sequence

import typer

from saasdesk.cli.conditions import parse_where
from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.past import AS_OF, store_as_of
from saasdesk.licences.priced_lists import ListObject, open_list
from saasdesk.records.listing import Column, ListQuery, Row, as_json

COMMANDS = {
    "people": (ListObject.PEOPLE, "People."),
    "saas-users": (ListObject.SAAS_USERS, "Accounts in SaaS applications."),
    "software": (ListObject.SAAS_APPLICATIONS, "SaaS applications."),
    "licences": (ListObject.LICENCES, "Licences, given out and free."),
    "assets": (ListObject.ASSETS, "Assets: devices, and who has them."),
    "seats": (ListObject.SEATS, "Seats: who has each, how it is used, and what it costs a month."),
}


def add_to(app: typer.Typer) -> None:
    """Add one command for each kind of record."""
    for name, (about, text) in COMMANDS.items():
        app.command(name, help=f"{text} All --where must hold: FIELD OPERATOR VALUE, named as in files.")(
            _command(about)
        )


def _command(about: ListObject) -> Callable[..., None]:
    def command(
        ctx: typer.Context,
        where: list[str] = typer.Option([], "--where", metavar="FIELD OPERATOR VALUE"),
        active: bool = typer.Option(False, "--active", help="Only active ones."),
        as_of: str | None = AS_OF,
        json_only: bool = JSON_ONLY,
    ) -> None:
        desk: Desk = ctx.obj
        with (
            desk.reading() as services,
            desk.terminal.cancellable() as stop,
            store_as_of(services.store, as_of, stop) as store,
        ):
            records = open_list(store, about)
            columns = records.columns()
            query = make_query(columns, where, active=active)
            if json_only:
                desk.terminal.json_lines(records.iterate_json(query, stop))
                return
            shown = [column for column in columns if column.is_shown]
            rows = records.iterate(query, [column.key for column in shown], stop)
            desk.terminal.table(
                [column.title for column in shown],
                (cells(shown, row) for row in rows),
                right=[column.title for column in shown if column.align_right],
            )

    return command


def make_query(columns: tuple[Column, ...], where: list[str], *, active: bool) -> ListQuery:
    """The question that the options ask; oldest records first."""
    rule = parse_where(where, [column.key for column in columns])
    return ListQuery(rule=rule, active=True if active else None)


def cells(columns: Sequence[Column], row: Row) -> list[object]:
    """A row as a table in a shell shows it: an amount with all its decimals."""
    values = as_json(columns, row).values()
    return [_shown(column, value) for column, value in zip(columns, values, strict=True)]


def _shown(column: Column, value: object) -> object:
    if column.is_number and isinstance(value, int | float):
        return column.in_figures(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {one}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(
            " ".join(str(part) for part in one.values()) if isinstance(one, dict) else str(one) for one in value
        )
    return value
