"""The plan of an imported file is applied and taken back from the shell as from the window."""

import threading
from pathlib import Path

from saasdesk.fields import ObjectKind
from saasdesk.mapping import MapRow
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.sync.imports.csv_file import open_csv
from saasdesk.sync.imports.importing import FileImport, plan_import
from tests.cli.conftest import CommandLine

MAPPING = (
    MapRow(source="email", target="email", sync_key=1),
    MapRow(source="email", target="username"),
    MapRow(value="Employee", target="role"),
)


def test_that_an_import_is_applied_and_taken_back(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\nli@example.com\n", encoding="utf-8")
    with Store.open(open_profile(cli.profile)) as store:
        wanted = FileImport(open_csv(file), ObjectKind.PEOPLE, MAPPING)
        planned = plan_import(store, wanted, lambda _news: None, threading.Event())

    assert "li@example.com" in cli.ok("plan", "show", str(planned.plan))
    (done,) = cli.json("plan", "apply", str(planned.plan))
    assert (done["integration"], done["created"]) == ("people.csv", 1)
    assert "li@example.com" in cli.ok("people")
    assert cli.ok("session", "undo", str(done["session"])).startswith("1 record is as it was; 0 were changed")
    assert "archived" in cli.ok("people")
