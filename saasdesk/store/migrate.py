"""Brings an older database to the present shape, one step and one transaction at a time."""

from collections.abc import Callable, Sequence
from pathlib import Path

from saasdesk.store.connections import APPLICATION_ID, writing_connection
from saasdesk.store.migrations import (
    m0001_initial,
    m0002_assets,
    m0003_feeder_order,
    m0004_raw_apart,
    m0005_licences_of_nobody,
    m0006_owners_and_tests,
    m0007_software_catalogue,
    m0008_notices,
    m0009_people_as_values,
    m0010_sent_of_problems,
    m0011_workflows,
    m0012_feeders_by_index,
    m0013_workflows_begin_by_themselves,
    m0014_custom_objects,
    m0015_workflows_wait,
    m0016_slots_given_back,
    m0017_licences_and_money,
    m0018_dashboards,
    m0019_seats_are_found_quickly,
    m0020_reports,
    m0021_saved_views,
    m0022_imports_and_merges,
    m0023_runs_of_reports,
    m0024_search,
    m0025_merged_keys,
    m0026_people_who_differ,
    m0027_muted_integrations,
    m0028_lists_by_name,
    m0029_leavers_once,
    m0030_search_without_strokes,
    m0031_people_by_their_accounts,
)
from saasdesk.store.migrations.m0001_initial import Execute

Step = Callable[[Execute], None]

# Named one by one, so that a packaged program has them all; a step's place in the row is the version it makes.
STEPS: tuple[Step, ...] = (
    m0001_initial.apply,
    m0002_assets.apply,
    m0003_feeder_order.apply,
    m0004_raw_apart.apply,
    m0005_licences_of_nobody.apply,
    m0006_owners_and_tests.apply,
    m0007_software_catalogue.apply,
    m0008_notices.apply,
    m0009_people_as_values.apply,
    m0010_sent_of_problems.apply,
    m0011_workflows.apply,
    m0012_feeders_by_index.apply,
    m0013_workflows_begin_by_themselves.apply,
    m0014_custom_objects.apply,
    m0015_workflows_wait.apply,
    m0016_slots_given_back.apply,
    m0017_licences_and_money.apply,
    m0018_dashboards.apply,
    m0019_seats_are_found_quickly.apply,
    m0020_reports.apply,
    m0021_saved_views.apply,
    m0022_imports_and_merges.apply,
    m0023_runs_of_reports.apply,
    m0024_search.apply,
    m0025_merged_keys.apply,
    m0026_people_who_differ.apply,
    m0027_muted_integrations.apply,
    m0028_lists_by_name.apply,
    m0029_leavers_once.apply,
    m0030_search_without_strokes.apply,
    m0031_people_by_their_accounts.apply,
)


def bring_up_to_date(database: Path, steps: Sequence[Step] = STEPS) -> None:
    """Apply the steps that this database has not seen; a step that fails leaves the version before it."""
    db = writing_connection(database)
    with db.connection_context():
        # A step may build a table anew; references are checked as a whole before it is committed.
        db.execute_sql("PRAGMA foreign_keys = OFF")
        for version in range(db.user_version + 1, len(steps) + 1):
            with db.atomic("IMMEDIATE"):
                steps[version - 1](db.execute_sql)
                broken = db.execute_sql("PRAGMA foreign_key_check").fetchone()
                if broken:
                    raise RuntimeError(f"step {version} leaves table {broken[0]} pointing at nothing")
                db.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute_sql(f"PRAGMA user_version = {version}")
        # What identifies the file is read from its first bytes, before SQLite is asked.
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
