from saasdesk.store import Store


def test_that_there_is_a_place_for_runs_of_reports_and_for_what_mail_brings_along(store: Store) -> None:
    with store.reading() as db:
        runs = {row[1] for row in db.execute_sql("PRAGMA table_info(report_run)")}
        schedules = {row[1] for row in db.execute_sql("PRAGMA table_info(report_schedule)")}
        mail = {row[1] for row in db.execute_sql("PRAGMA table_info(mail)")}

    assert {"report", "status", "lines", "file", "sha256", "kept", "next_try_at"} <= runs
    assert schedules == {"report", "schedule", "since"}
    assert "attachment" in mail
