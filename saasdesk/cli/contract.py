"""`saasdesk contract`: what was agreed with a vendor, for how many seats, and by when to say no."""

from datetime import date

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.price import application_named, day_of, names_by_number
from saasdesk.errors import UserError
from saasdesk.licences.money import Period, read_money
from saasdesk.licences.prices import Contract, delete_contract, keep_contract, list_contracts

NAME = "contract"
app = typer.Typer(help="Contracts: total, seats, end, renewal, notice.")

_HEADINGS = ("Application", "Contract", "Product", "Price", "Seats", "Ends", "Renews", "Cancel by")


@app.command("set", help="Keep a contract: contract set PagerDuty “Business” 12000 USD --seats 40 --renews 2027-01-31.")
def set_one(
    ctx: typer.Context,
    application: str,
    name: str,
    total: str,
    currency: str,
    period: Period = typer.Option(Period.YEAR, "--a", help="What the total is paid for."),
    seats: int = typer.Option(0, "--seats", help="For how many seats; without it the contract prices none."),
    product: str = typer.Option("", "--product", help="Only the seats of this product."),
    starts: str = typer.Option("", "--starts", help="The first day, such as 2026-02-01."),
    ends: str = typer.Option("", "--ends", help="The last day."),
    renews: str = typer.Option("", "--renews", help="The day on which it renews by itself."),
    notice_days: int = typer.Option(0, "--notice-days", help="How many days before that notice must be given."),
    note: str = typer.Option("", "--note", help="Whatever should be known about it."),
) -> None:
    """Keep a contract; one of the same name is changed."""
    desk: Desk = ctx.obj
    money = read_money(total, currency)
    with desk.writing() as services:
        found = application_named(services.store, application)
        before = _called(list_contracts(services.store, found.id), name)
        contract = Contract(
            application=found.id,
            name=name,
            money=money,
            period=period,
            seats=seats,
            product=product,
            starts=_day(starts),
            ends=_day(ends),
            renews_on=_day(renews),
            notice_days=notice_days,
            note=note,
            id=before.id if before is not None else 0,
        )
        keep_contract(services.store, contract)
    desk.terminal.say(f"The contract {name} with {found.name} is kept: {money} a {period}.")


@app.command("list", help="All contracts, the next renewal first.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """All contracts."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        names, contracts = names_by_number(services.store), list_contracts(services.store)
    if as_json:
        desk.terminal.json([_as_json(each, names.get(each.application)) for each in contracts])
        return
    desk.terminal.table(
        _HEADINGS,
        (
            (
                names.get(each.application, ""),
                each.name,
                each.product,
                f"{each.money} a {each.period}",
                each.seats or "",
                each.ends or "",
                each.renews_on or "",
                each.last_day_to_cancel or "",
            )
            for each in contracts
        ),
        right=("Price", "Seats"),
    )


@app.command("delete", help="Forget a contract.")
def delete(ctx: typer.Context, application: str, name: str) -> None:
    """Forget a contract."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        found = application_named(services.store, application)
        contracts = list_contracts(services.store, found.id)
        gone = _called(contracts, name)
        if gone is None:
            known = ", ".join(each.name for each in contracts) or "none yet"
            raise UserError(f"{found.name} has no contract {name!r}. There are: {known}.")
        delete_contract(services.store, gone)
    desk.terminal.say(f"The contract {gone.name} is deleted.")


def _called(contracts: list[Contract], name: str) -> Contract | None:
    wanted = " ".join(name.split()).casefold()
    return next((each for each in contracts if each.name.casefold() == wanted), None)


def _day(text: str) -> date | None:
    return day_of(text) if text else None


def _as_json(contract: Contract, application: str | None) -> dict[str, object]:
    def day(moment: date | None) -> str | None:
        return None if moment is None else moment.isoformat()

    return {
        "saas_application": application,
        "name": contract.name,
        "product": contract.product,
        "total": contract.money.figures,
        "currency": contract.money.currency,
        "period": contract.period.value,
        "seats": contract.seats,
        "starts": day(contract.starts),
        "ends": day(contract.ends),
        "renews_on": day(contract.renews_on),
        "notice_days": contract.notice_days,
        "cancel_by": day(contract.last_day_to_cancel),
        "note": contract.note,
    }
