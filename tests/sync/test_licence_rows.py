"""A vendor that lists licences, against the simulated JetBrains: people, their licences, and those of nobody."""

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Vault
from saasdesk.errors import ExitCode, UserError
from saasdesk.fields import ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.jetbrains import JetBrains, KeyKind
from saasdesk.store import Store
from saasdesk.store.variables import set_variable
from saasdesk.sync import integrations
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.integration import IntegrationDocument, with_default_mapping
from saasdesk.sync.run import RunOptions, run_integration

JETBRAINS = CONNECTORS["jetbrains"]
MAIN, LABS = "JetBrains users", "JetBrains Labs users"


class Desk:
    """A profile in front of both of the company's JetBrains organisations."""

    def __init__(self, folder: Path, simulator: Simulator) -> None:
        self.simulator = simulator
        self.store = Store.open(open_profile(folder, demo=True))
        self.vault = Vault(self.store)
        self.stop = threading.Event()

    def integrate(self, vendor: JetBrains, name: str = MAIN, kind: KeyKind = KeyKind.FULL, **changes: object) -> None:
        """A credential and a launched integration with the default mapping and these changes."""
        url = self.simulator.url(vendor.prefixes[0])
        inputs = {"company_code": vendor.company_code}
        self.vault.set(f"{name} key", JETBRAINS, vendor.keys[kind], base_url=url, inputs=inputs)
        values = {"name": name, "connector": "jetbrains", "credential": f"{name} key", "deactivate": True, **changes}
        document = IntegrationDocument.model_validate(values)
        if not document.mapping:
            document = with_default_mapping(document, JETBRAINS)
        saved = integrations.save_integration(self.store, document)
        integrations.launch(self.store, saved, self.vault.known())

    def run(self, name: str = MAIN, tell: Callable[[object], None] = lambda _: None, **options: object) -> SyncResult:
        """Run an integration as it is now."""
        integration = integrations.find_integration(self.store, name)
        return run_integration(self.store, self.vault, integration, RunOptions(**options), tell, self.stop)  # type: ignore[arg-type]

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Look into the database."""
        with self.store.reading() as db:
            return [tuple(row) for row in db.execute_sql(sql, values).fetchall()]

    def holders(self, name: str = MAIN) -> dict[object, object]:
        """Active licence → the vendor's id of its holder, None for nobody's."""
        return dict(
            self.rows(
                """SELECT l.licence_id, u.saas_user_id FROM licence l LEFT JOIN saas_user u ON u.id = l.saas_user
                   WHERE NOT l.deactivated AND l.owner_integration = (SELECT id FROM integration WHERE name = ?)""",
                name,
            )
        )

    def accounts(self, name: str = MAIN) -> dict[object, tuple[object, ...]]:
        """Active SaaS user → name, role and last activity."""
        found = self.rows(
            """SELECT saas_user_id, name, role, last_activity FROM saas_user
               WHERE NOT deactivated AND owner_integration = (SELECT id FROM integration WHERE name = ?)""",
            name,
        )
        return {row[0]: row[1:] for row in found}


@pytest.fixture
def people() -> int:
    """How many people the company has; a test may say otherwise."""
    return 250


@pytest.fixture
def desk(tmp_path: Path, people: int) -> Iterator[Desk]:
    """A desk whose integrations are not made yet."""
    with Simulator(people) as simulator:
        desk = Desk(tmp_path / "profile", simulator)
        yield desk
        desk.store.close()


def true_accounts(truth: list[Account]) -> dict[object, tuple[object, ...]]:
    return {account.id: (account.name, account.role, account.last_activity) for account in truth if account.active}


def true_holders(vendor: JetBrains) -> dict[str, str]:
    return {licence: account.id for account in vendor.truth() for licence in account.licences}


def agrees(desk: Desk, vendor: JetBrains, name: str = MAIN) -> bool:
    """Whether accounts and licences here are those that the vendor has."""
    here, loose = desk.holders(name), vendor.loose()
    accounts, truth = desk.accounts(name), true_accounts(vendor.truth())
    for account, (true_name, *_) in truth.items():
        if "*" in str(true_name) and account in accounts:
            # A better name of earlier days is kept.
            truth[account] = (accounts[account][0], *truth[account][1:])
    held = {licence: holder for licence, holder in here.items() if holder is not None}
    return accounts == truth and held == true_holders(vendor) and len(here) == loose["total"]


@pytest.mark.parametrize("people", [0, 1, 99, 100, 101, 250, pytest.param(12_345, marks=pytest.mark.slow)])
def test_that_a_first_run_finds_the_truth_and_a_second_one_writes_nothing(desk: Desk, people: int) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)

    first = desk.run()
    before = desk.rows("SELECT max(id) FROM change"), desk.rows("SELECT max(updated_at) FROM licence")
    second = desk.run()

    truth, loose = vendor.truth(), vendor.loose()
    assert agrees(desk, vendor)
    assert (first.counts["fetched"], second.counts["fetched"]) == (loose["total"], loose["total"])
    assert (first.counts["people"]["created"], first.counts["licences"]["created"]) == (len(truth), loose["total"])
    assert first.errors == second.errors == ()
    assert first.status is (Status.COMPLETED if loose["total"] else Status.EMPTY)
    assert (desk.rows("SELECT max(id) FROM change"), desk.rows("SELECT max(updated_at) FROM licence")) == before
    assert second.counts["unchanged"] == 2 * len(truth)


def test_that_the_summary_counts_what_makes_nobody(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)

    result = desk.run()

    assert result.message == "Skipped: 20 unassigned, 4 server, 2 key."
    assert result.counts["failed"] == 0
    (evidence,) = desk.rows("SELECT evidence FROM sync_session")
    assert '"loose":{"unassigned":20,"server":4,"key":2}' in str(evidence[0]).replace(" ", "")


@pytest.mark.parametrize("people", [600])
def test_that_churn_changes_exactly_the_churned_as_the_preview_said(desk: Desk, people: int) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.run()
    suspended = {account.id for account in vendor.truth() if not account.active}
    churned = desk.simulator.churn(0.1)["jetbrains"]

    preview = desk.run(preview=True)
    result = desk.run()

    assert preview.counts == result.counts
    assert result.errors == ()
    assert agrees(desk, vendor)
    kinds = {
        kind: {row[0] for row in desk.rows(
            """SELECT DISTINCT u.saas_user_id FROM change c JOIN saas_user u ON u.id = c.record
               WHERE c.session = ? AND c.object = 'saas_users' AND c.kind = ?""", result.session, kind)}
        for kind in ("create", "update", "deactivate")
    }  # fmt: skip
    assert churned.created
    assert churned.gone
    assert kinds["create"] == set(churned.created)
    assert kinds["deactivate"] == set(churned.gone) - suspended
    assert kinds["update"] <= set(churned.changed)
    assert desk.run().counts["updated"] == 0


def test_that_two_companies_keep_their_own(desk: Desk) -> None:
    main, labs = desk.simulator.jetbrains, desk.simulator.jetbrains_labs
    desk.integrate(main, MAIN)
    desk.integrate(labs, LABS)
    desk.run(MAIN)
    desk.run(LABS)
    everybody = {account.id for account in (*main.truth(), *labs.truth())}

    desk.simulator.churn(0.1)
    desk.run(LABS)
    desk.run(MAIN)

    assert agrees(desk, main, MAIN)
    assert agrees(desk, labs, LABS)
    assert everybody <= {row[0] for row in desk.rows("SELECT lower(email) FROM person")}


def test_that_the_key_of_one_company_does_not_open_the_other(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.vault.set(
        f"{MAIN} key",
        JETBRAINS,
        desk.simulator.jetbrains.keys[KeyKind.FULL],
        base_url=desk.simulator.url("jetbrains"),
        inputs={"company_code": desk.simulator.jetbrains_labs.company_code},
    )

    result = desk.run()

    assert (result.status, result.exit_code) == (Status.FAILED, ExitCode.CREDENTIAL)
    assert "key or the JetBrains Company Code is wrong" in result.message


# ----- licences from hand to hand


def some_account(desk: Desk, licences: int) -> Account:
    return next(a for a in desk.simulator.jetbrains.truth() if a.active and len(a.licences) == licences)


def revoke(desk: Desk, licence: str) -> None:
    hand(desk, licence, None)


def hand(desk: Desk, licence: str, email: str | None) -> None:
    """Put a licence into other hands at the vendor, or back on the shelf."""
    desk.simulator.jetbrains.hand_over(licence, email, "Ada Example")


def test_that_a_licence_that_changes_hands_moves_and_its_old_holder_may_go_in_the_same_run(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    old = some_account(desk, licences=1)
    hand(desk, old.licences[0], "ada@example.com")

    preview = desk.run(preview=True)
    result = desk.run()

    assert preview.counts == result.counts
    assert result.errors == ()
    assert desk.holders()[old.licences[0]] == "ada@example.com"
    assert agrees(desk, desk.simulator.jetbrains)
    (history,) = desk.rows(
        "SELECT before, after FROM change WHERE object = 'licences' AND session = ? AND field = 'saas_user_id'",
        result.session,
    )
    assert history == (old.id, "ada@example.com")
    # The unique id went along: from the person who is not listed any more to the one who has it now.
    ids = dict(desk.rows("SELECT lower(email), jet_brains_license_id FROM person"))
    assert ids["ada@example.com"] == old.licences[0]
    assert ids[old.id] is None


def test_that_a_licence_given_back_is_free_and_one_given_out_is_not(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    licence = some_account(desk, licences=2).licences[0]
    revoke(desk, licence)

    desk.run()
    was_free = desk.holders()[licence]
    hand(desk, licence, "ada@example.com")
    desk.run()

    assert was_free is None
    assert desk.holders()[licence] == "ada@example.com"
    assert agrees(desk, desk.simulator.jetbrains)


def test_that_a_licence_comes_back_to_a_holder_who_looks_as_before(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.run()
    account = some_account(desk, licences=1)
    (licence,) = account.licences
    shown = next(row for row in vendor.rows() if row["licenseId"] == licence)["assignee"]
    vendor.hand_over(licence, shown["email"], shown["name"])
    desk.run()

    hand(desk, licence, "ada@example.com")
    desk.run()
    vendor.hand_over(licence, shown["email"], shown["name"])
    result = desk.run()

    assert result.errors == ()
    assert desk.holders()[licence] == account.id
    assert agrees(desk, vendor)
    assert desk.rows("SELECT jet_brains_license_id FROM person WHERE lower(email) = ?", account.id) == [(licence,)]


def test_that_free_licences_are_listed_without_a_holder(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()

    records = RecordList(desk.store, ObjectKind.LICENCES)
    listed = list(records.iterate(ListQuery(), ["saas_application", "saas_user_id", "licence_id", "product"]))

    free = [row for row in listed if row[1] is None]
    assert len(free) == 26
    assert all(row[0] == "JetBrains" and row[2] and row[3] for row in free)


def test_that_free_licences_are_told_from_those_of_servers_and_keys(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    licence = some_account(desk, licences=1).licences[0]
    revoke(desk, licence)
    desk.run()

    held_by = dict(desk.rows("SELECT held_by, count(*) FROM licence GROUP BY held_by"))
    software = list(RecordList(desk.store, ObjectKind.SAAS_APPLICATIONS).iterate(ListQuery(), ["free_licences"]))
    listed = list(RecordList(desk.store, ObjectKind.LICENCES).iterate(ListQuery(), ["assigned_to", "held_by"]))

    assert {why: count for why, count in held_by.items() if why} == {"unassigned": 21, "server": 4, "key": 2}
    assert software == [(21,)]
    assert {row[0] for row in listed if row[1]} == {None, "server", "key"}


def test_p03_that_a_free_licence_that_vanishes_is_deactivated_only_by_a_complete_listing(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    free = next(licence for licence, holder in desk.holders().items() if holder is None)
    desk.simulator.jetbrains.cancel(str(free))
    desk.simulator.faults.add(Fault(FaultKind.WRONG_TOTAL, endpoint="licenses", amount=3))

    unproven = desk.run()
    still_there = free in desk.holders()
    desk.simulator.faults.clear()
    proven = desk.run()

    assert unproven.status is Status.INCOMPLETE
    assert "The vendor announced 218 licences and listed 215 different ones." in unproven.message
    assert still_there
    assert proven.counts["licences"]["deactivated"] == 1
    assert free not in desk.holders()


def test_p03_that_a_listing_with_gaps_takes_no_licence_from_anybody(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    before = desk.holders()
    desk.simulator.faults.add(Fault(FaultKind.SHRINKING, endpoint="licenses", page=2, amount=4))

    result = desk.run()

    # The list shrinks at each reading, so the second one proves no more than the first.
    assert result.status is Status.INCOMPLETE
    assert "count of licences changed while the list was read" in result.message
    assert desk.holders() == before


def test_that_a_list_that_shrinks_once_is_read_again_and_whole_then(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.run()
    desk.simulator.faults.add(Fault(FaultKind.SHRINKING, endpoint="licenses", page=2, amount=4, times=1))

    result = desk.run()

    assert result.status is Status.COMPLETED
    assert agrees(desk, vendor)


def test_p03_that_somebody_whom_the_pages_missed_is_looked_up_and_stays(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.run()
    before = desk.accounts()
    desk.simulator.faults.add(Fault(FaultKind.FORGETFUL, endpoint="licenses", page=1, amount=3))

    result = desk.run()

    assert result.counts["deactivated"] == 0
    assert desk.accounts().keys() == before.keys()


@pytest.mark.parametrize(
    "kind", [FaultKind.EMPTY_LIST, FaultKind.MISSING_KEY, FaultKind.ENDLESS, FaultKind.NOT_OBJECTS]
)
def test_p04_that_an_empty_or_odd_list_takes_nothing_from_anybody(desk: Desk, kind: FaultKind) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    before = desk.holders(), desk.accounts()
    desk.simulator.faults.add(Fault(kind, endpoint="licenses"))

    result = desk.run()

    assert result.exit_code != 0
    assert (desk.holders(), desk.accounts()) == before


def test_p04_that_a_page_that_fails_leaves_everything_as_it_was(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    before = desk.holders(), desk.accounts()
    desk.simulator.churn(0.1)
    desk.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="licenses", page=3, status=404))

    result = desk.run()

    assert (result.status, result.exit_code) == (Status.INCOMPLETE, ExitCode.PARTLY)
    assert desk.accounts() == before[1]
    # What was listed as nobody's is nobody's, however the list went on.
    changed = {licence for licence, holder in before[0].items() if desk.holders()[licence] != holder}
    assert changed.isdisjoint(true_holders(desk.simulator.jetbrains))


def test_that_a_web_page_in_the_place_of_a_refusal_is_no_list(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    before = desk.accounts()
    desk.simulator.faults.add(Fault(FaultKind.WEB_PAGE, endpoint="licenses", page=2, status=400))

    result = desk.run()

    assert result.status is Status.FAILED
    assert "got a web page (status 400)" in result.message
    assert desk.accounts() == before


def test_p09_that_a_list_in_circles_is_noticed(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.simulator.faults.add(Fault(FaultKind.REPEATED_PAGE, endpoint="licenses"))

    result = desk.run()

    assert "keeps sending the same page of licences" in result.message


def test_that_nulls_where_the_vendor_sends_them_change_nobody(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.simulator.faults.add(Fault(FaultKind.RECORDED_NULLS, endpoint="licenses"))

    result = desk.run()

    assert result.status is Status.COMPLETED
    assert agrees(desk, vendor)


def test_that_an_integration_made_anew_doubles_no_licence(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.run()
    integrations.delete_integration(desk.store, integrations.find_integration(desk.store, MAIN))
    desk.integrate(vendor)

    desk.run()

    assert agrees(desk, vendor)
    assert desk.rows("SELECT count(*) FROM licence WHERE NOT deactivated") == [(vendor.loose()["total"],)]


# ----- names, keys, modes


def test_that_a_masked_name_never_takes_the_place_of_a_better_one_and_the_plan_is_silent(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.run()
    account = next(a for a in vendor.truth() if a.active and len(a.licences) == 1 and "*" not in a.name)
    vendor.hand_over(account.licences[0], account.email, "Xx***** Yy***")

    preview = desk.run(preview=True)
    result = desk.run()

    assert preview.counts["people"]["updated"] == result.counts["people"]["updated"] == 0
    assert desk.rows("SELECT name FROM person WHERE lower(email) = ?", account.id) == [(account.name,)]
    assert desk.rows("SELECT name FROM saas_user WHERE saas_user_id = ?", account.id) == [(account.name,)]
    assert not desk.rows("SELECT 1 FROM change WHERE session = ? AND field = 'name'", result.session)


def test_that_a_masked_name_gives_way_to_a_better_one(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    account = next(a for a in vendor.truth() if a.active and len(a.licences) == 1)
    vendor.hand_over(account.licences[0], account.email, "Xx***** Yy***")
    desk.integrate(vendor)
    desk.run()
    masked = desk.rows("SELECT name FROM person WHERE lower(email) = ?", account.id)
    vendor.hand_over(account.licences[0], account.email, "Ada Example")

    desk.run()

    assert masked == [("Xx***** Yy***",)]
    assert desk.rows("SELECT name FROM person WHERE lower(email) = ?", account.id) == [("Ada Example",)]


def test_p07_that_no_licence_key_is_kept_anywhere(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains)
    desk.run()
    keys = [
        value
        for row in desk.simulator.jetbrains.rows()
        for name, value in row.get("assignee", {}).items()
        if name in ("key", "legacyKey")
    ]

    desk.store.close()

    kept = b"".join(path.read_bytes() for path in desk.store.profile.folder.rglob("*") if path.is_file())
    assert keys
    assert not [key for key in keys if key.encode() in kept]


LICENCE_KEYS = [
    {"source": "licenseId", "target": "jet_brains_license_id", "sync_key": 1},
    {"source": "licenseId", "target": "username"},
    {"source": "assignee.email", "target": "email"},
    {"value": "Employee", "target": "role"},
]
LICENCE_FIELD = [{"label": "JetBrains License Id", "unique": True}]


def test_that_the_licence_id_as_sync_key_makes_a_record_of_each_licence(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor, field=LICENCE_FIELD, map=LICENCE_KEYS)

    first = desk.run()
    second = desk.run()

    single = {a.licences[0] for a in vendor.truth() if len(a.licences) == 1}
    several = {licence for licence in true_holders(vendor) if licence not in single}
    assert {row[0] for row in desk.rows("SELECT jet_brains_license_id FROM person")} == single
    assert first.status is Status.COMPLETED_WITH_ERRORS
    assert first.counts["failed"] == second.counts["failed"] == len(several)
    assert "share e-mail" in first.errors[0].message
    assert second.counts["created"] == second.counts["updated"] == 0
    held = {licence: holder for licence, holder in desk.holders().items() if holder is not None}
    assert held == {licence: licence for licence in single if licence in held}


@pytest.mark.parametrize("typed", [" {} ", "\t{}\n"])
def test_that_a_company_code_with_spaces_around_it_is_trimmed(desk: Desk, typed: str) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor, inputs={"company_code": typed.format(vendor.company_code)})

    assert desk.run().status is Status.COMPLETED


@pytest.mark.parametrize("odd", ["26 00", "26/00", "x" * 65, "Kestrel & Heath"])
def test_that_a_company_code_that_can_be_none_is_refused_with_a_sentence(desk: Desk, odd: str) -> None:
    why = ": there are spaces in it" if " " in odd else ""
    sentence = f"is no JetBrains Company Code{why}. It is the number beside the organisation's name"

    with pytest.raises(UserError, match=f"cannot be launched yet: .*{sentence}"):
        desk.integrate(desk.simulator.jetbrains, inputs={"company_code": odd})
    result = desk.run(preview=True)

    assert result.status is Status.FAILED
    assert sentence in result.message
    assert not desk.simulator.requests.count("jetbrains")


def test_that_the_variable_prefills_the_company_code(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.vault.set(f"{MAIN} key", JETBRAINS, vendor.keys[KeyKind.FULL], base_url=desk.simulator.url("jetbrains"))
    set_variable(desk.store, "JetBrains.Company Code", vendor.company_code)

    assert desk.run().status is Status.COMPLETED


def test_that_where_a_record_came_from_can_be_mapped(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    lines = [
        row.model_dump()
        for row in with_default_mapping(IntegrationDocument(name="x", connector="jetbrains"), JETBRAINS).mapping
    ]
    desk.integrate(
        vendor,
        field=LICENCE_FIELD,
        map=[
            *lines,
            {"source": "connect:company_code", "target": "department"},
            {"source": "all_license_ids", "target": "location"},
        ],
    )

    desk.run()

    assert set(desk.rows("SELECT department FROM person")) == {(vendor.company_code,)}
    some = some_account(desk, licences=3)
    ((ids,),) = desk.rows("SELECT location FROM person WHERE lower(email) = ?", some.id)
    assert sorted(str(ids).split(", ")) == list(some.licences)


def test_that_a_team_admins_key_reads_its_team(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor, kind=KeyKind.TEAM, inputs={"team_id": str(vendor.team_id)})

    result = desk.run()

    of_team = [row for row in vendor.rows() if row.get("team", {}).get("id") == vendor.team_id]
    assert result.status is Status.COMPLETED
    assert result.counts["fetched"] == len(of_team)


def test_that_a_team_admins_key_alone_is_told_to_fill_in_the_team(desk: Desk) -> None:
    desk.integrate(desk.simulator.jetbrains, kind=KeyKind.TEAM)

    result = desk.run()

    assert (result.status, result.exit_code) == (Status.FAILED, ExitCode.CREDENTIAL)
    assert "Team ID filled in" in result.message


# ----- filters, trouble on the way


def test_that_a_filter_compares_a_team_id_with_what_people_type_and_leaves_licences_of_nobody_in(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor, filter=[{"field": "team.id", "operator": "equals", "value": str(vendor.team_id)}])

    result = desk.run()

    assert result.status is Status.COMPLETED
    assert 0 < len(desk.accounts()) < len(vendor.truth())
    assert result.counts["filtered"] == len(vendor.truth()) - len(desk.rows("SELECT 1 FROM saas_user"))
    assert len([holder for holder in desk.holders().values() if holder is None]) == 26


def test_that_a_licence_of_somebody_filtered_out_is_nobodys_business_here(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(
        vendor, filter=[{"field": "assignee.email", "operator": "does_not_equal", "value": "ada@example.com"}]
    )
    desk.run()
    account = some_account(desk, licences=2)
    free = next(licence for licence, holder in desk.holders().items() if holder is None)
    for licence in (account.licences[0], str(free)):
        hand(desk, licence, "ada@example.com")

    result = desk.run()

    assert result.errors == ()
    assert account.licences[0] not in desk.holders()
    assert free not in desk.holders()
    assert result.counts["licences"]["deactivated"] == 2


def test_that_server_errors_and_a_storm_of_refusals_change_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saasdesk.web.waiting.random.uniform", lambda _least, _most: 0)
    with Simulator(250, error_rate=0.05) as simulator:
        desk = Desk(tmp_path / "profile", simulator)
        desk.integrate(simulator.jetbrains)
        simulator.faults.add(Fault(FaultKind.STATUS, endpoint="licenses", page=2, status=429, amount=1, times=2))

        results = [desk.run() for _ in range(3)]

        assert {result.status for result in results} == {Status.COMPLETED}
        assert agrees(desk, simulator.jetbrains)
        desk.store.close()


def test_p04_that_suspended_people_are_inactive_and_come_back(desk: Desk) -> None:
    vendor = desk.simulator.jetbrains
    desk.integrate(vendor)
    desk.run()
    account = some_account(desk, licences=1)
    vendor.hand_over(account.licences[0], account.email, account.name, suspended=True)

    desk.run()
    gone = account.id not in desk.accounts()
    licence_stays = account.licences[0] in desk.holders()
    vendor.hand_over(account.licences[0], account.email, account.name)
    back = desk.run()

    assert (gone, licence_stays) == (True, True)
    assert back.counts["saas_users"]["reactivated"] == 1
    assert agrees(desk, vendor)


@pytest.mark.parametrize("people", [60])
@pytest.mark.parametrize("seed", [1, 2])
def test_that_after_whatever_happened_accounts_and_licences_are_those_of_the_vendor(
    desk: Desk, people: int, seed: int
) -> None:
    vendor, chance = desk.simulator.jetbrains, random.Random(seed)
    desk.integrate(vendor, deactivate_limit_percent=100, deactivate_limit_count=1000)
    desk.run()

    for _ in range(8):
        for _ in range(chance.randrange(1, 6)):
            row = chance.choice(vendor.rows())
            kind = row.get("assignee", {}).get("type", "USER")
            known = [(account.email, account.name) for account in vendor.truth()]
            email, name = chance.choice([*known, ("ada@example.com", "Ada"), ("Bo@Example.com", "Bo")])
            match chance.randrange(6) if kind == "USER" else 5:
                case 0 | 1:
                    vendor.hand_over(row["licenseId"], email, name, suspended=chance.random() < 0.2)
                case 2:
                    vendor.hand_over(row["licenseId"], None, "")
                case 3 if len(vendor.rows()) > 20:
                    vendor.cancel(row["licenseId"])
                case 4:
                    vendor.take_back_what_was_done(row["licenseId"])
                case _:
                    desk.simulator.churn(0.02)
        preview = desk.run(preview=True)
        result = desk.run()
        again = desk.run()

        assert preview.counts == result.counts
        assert result.errors == ()
        assert agrees(desk, vendor)
        assert (again.counts["created"], again.counts["updated"], again.counts["licences"]["updated"]) == (0, 0, 0)
