from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.profile import open_profile
from saasdesk.reports.dashboards.board import BoardDocument
from saasdesk.reports.documents import Documents
from saasdesk.store import Store

BOARDS = Documents("dashboard", BoardDocument, lambda document: {"widgets": len(document.widgets)})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        yield opened


def write_newer(store: Store, name: str) -> str:
    text = f'{{"version": 7, "name": "{name}", "shape": "round"}}'
    store.write(
        lambda db: db.execute_sql(
            "INSERT INTO dashboard (name, document, created_at, updated_at) VALUES (?, ?, 'then', 'then')", (name, text)
        )
    )
    return text


def test_that_a_document_of_a_newer_program_stays_as_it_is_and_hides_no_other(store: Store) -> None:
    BOARDS.add(store, BoardDocument(name="Mine"))
    text = write_newer(store, "Theirs")

    assert [kept.document.name for kept in BOARDS.every(store)] == ["Mine"]
    (unreadable,) = BOARDS.unreadable(store)
    assert unreadable.name == "Theirs"
    assert "a newer saasdesk made this dashboard (version 7, known here is 1)" in unreadable.reason
    assert BOARDS.add(store, BoardDocument(name="theirs")).document.name == "theirs 2"
    with pytest.raises(UserError, match="There is a dashboard “Theirs” already"):
        BOARDS.save(store, BOARDS.find(store, "mine").id, BoardDocument(name="Theirs"))
    with store.reading() as db:
        assert db.execute_sql("SELECT document FROM dashboard WHERE name = 'Theirs'").fetchone() == (text,)
