"""Taking a session's deactivations back: how many, what cannot come back, and until when."""

from saasdesk.sync import sessions
from saasdesk.sync.sessions import UndoOutlook
from tests.sync.conftest import Office


def deactivate(office: Office, count: int) -> int:
    office.integrate()
    office.run()
    gone = office.simulator.truth("pagerduty")[-count:]
    office.simulator.company.leave([account.serial for account in gone])
    return office.run().session


def outlook(office: Office, session: int) -> UndoOutlook:
    return sessions.undo_outlook(office.store, sessions.find_session(office.store, session))


def test_that_an_undo_says_how_many_come_back_and_what_became_of_the_others(office: Office) -> None:
    session = deactivate(office, 4)
    ids = [row[0] for row in office.rows("SELECT id FROM saas_user WHERE deactivated ORDER BY id")]
    office.store.write(lambda db: db.execute_sql("UPDATE saas_user SET archived = 1 WHERE id = ?", (ids[0],)))
    office.store.write(
        lambda db: db.execute_sql(
            "UPDATE saas_user SET deactivated = 0, deactivated_session = NULL WHERE id = ?", (ids[1],)
        )
    )

    found = outlook(office, session)

    assert (found.deactivated, found.back, found.fates) == (4, 2, {"archived": 1, "active": 1})


def test_that_what_somebody_archived_meanwhile_stays_archived(office: Office) -> None:
    session = deactivate(office, 2)
    office.store.write(
        lambda db: db.execute_sql("UPDATE saas_user SET archived = 1 WHERE id = (SELECT max(id) FROM saas_user)")
    )

    sessions.undo_deactivations(office.store, session)

    assert office.value("SELECT count(*) FROM saas_user WHERE archived") == 1
    assert office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 1


def test_that_nothing_is_left_to_undo_afterwards_and_it_is_said(office: Office) -> None:
    session = deactivate(office, 2)
    sessions.undo_deactivations(office.store, session)

    found = outlook(office, session)

    assert found.back == 0
    assert found.why_not.startswith("The deactivations were undone on ")


def test_that_a_session_without_deactivations_has_nothing_to_say(office: Office) -> None:
    office.integrate()

    found = outlook(office, office.run().session)

    assert (found.deactivated, found.why_not) == (0, "")


def test_that_an_undo_restores_equal_records(office: Office) -> None:
    """Accounts, people and licences are what they were, but for when they were last touched."""
    tables = ("saas_user", "person", "licence")

    def records() -> list[list[tuple[object, ...]]]:
        columns = {
            table: ", ".join(
                str(name)
                for (name,) in office.rows(f"SELECT name FROM pragma_table_info('{table}')")
                if name != "updated_at"
            )
            for table in tables
        }
        return [office.rows(f"SELECT {columns[table]} FROM {table} ORDER BY id") for table in tables]

    office.integrate(deactivate_people=True)
    office.run()
    before = records()
    gone = office.simulator.truth("pagerduty")[-3:]
    office.simulator.company.leave([account.serial for account in gone])
    session = office.run().session
    assert records() != before

    sessions.undo_deactivations(office.store, session)

    assert records() == before
