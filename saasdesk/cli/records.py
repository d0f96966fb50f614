"""`saasdesk people`, `saas-users`, `software`, `licences`, `assets`: read what is here."""

from collections.abc import Callable

import typer

from saasdesk.cli.conditions import parse_where
from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.past import AS_OF, store_as_of
from saasdesk.fields import ObjectKind
from saasdesk.licences.priced_lists import open_list
from saasdesk.records.listing import Column, ListQuery, as_json

COMMANDS = {
    "people": (ObjectKind.PEOPLE, "People."),
    "saas-users": (ObjectKind.SAAS_USERS, "Accounts in SaaS applications."),
    "software": (ObjectKind.SAAS_APPLICATIONS, "SaaS applications."),
    "licences": (ObjectKind.LICENCES, "Licences, given out and free."),
    "assets": (ObjectKind.ASSETS, "Assets: devices, and who has them."),
}


def add_to(app: typer.Typer) -> None:
    """Add one command for each kind of record."""
    for name, (kind, text) in COMMANDS.items():
        app.command(name, help=f"{text} All --where must hold: FIELD OPERATOR VALUE, named as in files.")(
            _command(kind)
        )


def _command(kind: ObjectKind) -> Callable[..., None]:
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
            records = open_list(store, kind)
            columns = records.columns()
            query = make_query(columns, where, active=active)
            if json_only:
                desk.terminal.json_lines(records.iterate_json(query, stop))
                return
            shown = [column for column in columns if column.is_shown]
            rows = records.iterate(query, [column.key for column in shown], stop)
            desk.terminal.table(
                [column.title for column in shown],
                ([_shown(value) for value in as_json(shown, row).values()] for row in rows),
                right=[column.title for column in shown if column.align_right],
            )

    return command


def make_query(columns: tuple[Column, ...], where: list[str], *, active: bool) -> ListQuery:
    """The question that the options ask; oldest records first."""
    rule = parse_where(where, [column.key for column in columns])
    return ListQuery(rule=rule, active=True if active else None)


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {one}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(
            " ".join(str(part) for part in one.values()) if isinstance(one, dict) else str(one) for one in value
        )
    return value
