"""Reminds of contracts before the last day on which they can be cancelled."""

from datetime import date, datetime

from saasdesk import clock
from saasdesk.licences.prices import Contract, list_contracts
from saasdesk.notices import News, NoticeKind, open_causes, settle, tell
from saasdesk.records.software import find_application
from saasdesk.store import Connection, Store

_CAUSE = "renewal"
# So many days before the last day to cancel there is a reminder, each in the place of the one before.
_STEPS = (1, 7, 30)


def remind(store: Store, moment: datetime | None = None) -> None:
    """Tell of every contract that must be decided on soon; a reminder whose day has passed is settled."""
    moment = moment or clock.now()
    today, at = moment.astimezone().date(), clock.as_text(moment)
    due = {cause: contract for contract in list_contracts(store) if (cause := _cause(contract, today))}
    with store.reading() as db:
        if sorted(open_causes(db, _CAUSE)) == sorted(due):
            return
    news = [_news(store, cause, contract) for cause, contract in due.items()]

    def work(db: Connection) -> None:
        for cause in open_causes(db, _CAUSE):
            if cause not in due:
                settle(db, cause, at)
        for each in news:
            tell(db, each, at)

    store.write(work)


def _cause(contract: Contract, today: date) -> str:
    """The reminder that is due now; empty where none is."""
    last = contract.last_day_to_cancel
    if last is None or last < today:
        return ""
    step = next((days for days in _STEPS if (last - today).days <= days), None)
    return "" if step is None else f"{_CAUSE}:{contract.id}:{last}:{step}"


def _news(store: Store, cause: str, contract: Contract) -> News:
    application = find_application(store, contract.application)
    of = application.name if application is not None else "an application"
    price = f"{contract.money} a {contract.period}"
    note = f" {contract.note.rstrip('.')}." if contract.note else ""
    return News(
        cause=cause,
        kind=NoticeKind.RENEWAL,
        title=f"The contract “{contract.name}” of {of} renews on {contract.renews_on}",
        body=f"It can be cancelled until {contract.last_day_to_cancel}. It costs {price}.{note} "
        "Look at the seats that nobody uses before it renews.",
        link=f"software:{contract.application}:costs",
        once=True,
    )
