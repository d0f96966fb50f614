"""A manager comes as the vendor's id of another user; what a person's record gets is that person's name."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.connectors import VendorClient
from saasdesk.connectors.jumpcloud import JUMPCLOUD
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.jobs import Tell
from saasdesk.profile import open_profile
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration, IntegrationDocument, mapping_signature, with_default_mapping
from saasdesk.sync.preparation import Preparation, make_recipe
from saasdesk.sync.run import RunOptions, run_integration
from tests.connectors.fake_jumpcloud import FakeJumpCloud, user
from tests.sync.conftest import activate

AT = "2026-01-01T00:00:00Z"


def made(number: int) -> str:
    return str(user(number)["_id"])


class Directory:
    """A profile in front of a JumpCloud in memory."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(open_profile(folder, demo=True))
        self.vault = Vault(self.store)
        self.people: dict[int, dict[str, Any]] = {}

    def integrate(self, **changes: Any) -> None:
        values = {"name": "JC", "connector": "jumpcloud", "deactivate": True, **changes}
        document = IntegrationDocument.model_validate(values)
        document = document if document.mapping else with_default_mapping(document, JUMPCLOUD)
        activate(self.store, integrations.save_integration(self.store, document))

    def knows(self, number: int, manager: int | None = None, **more: Any) -> None:
        """What the vendor says of somebody from now on."""
        named = {} if manager is None else {"manager": made(manager)}
        self.people[number] = user(number, **named, **more)

    def run(self, **options: Any) -> SyncResult:
        found = integrations.find_integration(self.store, "JC")
        vault, stop = self.vault, threading.Event()
        return run_integration(self.store, vault, found, RunOptions(**options), lambda _: None, stop, self._open)

    def _open(
        self, store: Store, _vault: Vault, integration: Integration, tell: Tell, _stop: threading.Event
    ) -> Preparation:
        recipe = make_recipe(store, integration, {})
        return Preparation(
            client=VendorClient(JUMPCLOUD, FakeJumpCloud([self.people[n] for n in sorted(self.people)]), {}, tell),
            recipe=recipe,
            scope_signature="JC",
            mapping_signature=mapping_signature(integration.document, recipe.compiled.signature),
            close=lambda: None,
        )

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self.store.reading() as db:
            return [tuple(row) for row in db.execute_sql(sql, values).fetchall()]

    def managers(self) -> dict[str, str | None]:
        """Each person's manager, by the e-mail's number."""
        return {
            email.split("@")[0].removeprefix("person."): manager
            for email, manager in self.rows("SELECT email, manager FROM person ORDER BY id")
        }

    def edit(self, number: int, field: str, after: object) -> None:
        ((person, before),) = self.rows(
            f"SELECT id, {field} FROM person WHERE email = ?", f"person.{number}@example.com"
        )
        edit = RecordEdit(ChangeKind.UPDATE, person, "", "by hand", (FieldEdit(field, before, after),))
        self.store.write(lambda db: apply_edits(db, ObjectKind.PEOPLE, [edit], Cause("by hand", "admin"), AT))


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = Directory(tmp_path / "profile")
    opened.integrate()
    yield opened
    opened.store.close()


def test_that_a_managers_name_is_found_on_an_earlier_and_on_a_later_page(directory: Directory) -> None:
    for number in range(250):
        directory.knows(number, manager={7: 240, 240: 3}.get(number))

    directory.run()

    assert directory.managers()["7"] == "Person 240"
    assert directory.managers()["240"] == "Person 3"
    assert directory.managers()["8"] is None


def test_that_a_second_run_writes_nothing(directory: Directory) -> None:
    directory.knows(1, manager=2)
    directory.knows(2)
    directory.run()

    result = directory.run()

    assert (result.counts["updated"], result.counts["unchanged"]) == (0, 4)


def test_that_an_unchanged_manager_is_found_for_a_changed_and_for_a_new_report(directory: Directory) -> None:
    directory.knows(1)
    directory.knows(9, displayname="Grace")
    directory.run()
    directory.knows(1, manager=9)
    directory.knows(2, manager=9)

    result = directory.run()

    assert directory.managers() == {"1": "Grace", "9": None, "2": "Grace"}
    assert result.counts["people"]["updated"] == 1


def test_that_a_renamed_manager_changes_the_unchanged_reports_as_previewed(directory: Directory) -> None:
    directory.knows(1, manager=9)
    directory.knows(2, manager=9)
    directory.knows(3)
    directory.knows(9, displayname="Grace")
    directory.run()
    directory.knows(9, displayname="Grace Hopper")

    preview = directory.run(preview=True)
    result = directory.run()

    assert directory.managers() == {"1": "Grace Hopper", "2": "Grace Hopper", "3": None, "9": None}
    assert result.counts["people"]["updated"] == preview.counts["people"]["updated"] == 3
    assert result.counts["people"]["unchanged"] == 1
    assert directory.rows("SELECT reason FROM change WHERE field = 'manager' AND kind = 'update' GROUP BY reason") == [
        ("somebody it names is called otherwise now",)
    ]
    assert directory.run().counts["updated"] == 0


def test_that_a_manager_who_changes_in_another_way_changes_no_report(directory: Directory) -> None:
    directory.knows(1, manager=9)
    directory.knows(9)
    directory.run()
    directory.knows(9, jobTitle="Director", email="new@example.com")

    result = directory.run()

    assert result.counts["people"]["updated"] == 1
    assert directory.managers()["1"] == "Person 9"


def test_that_two_managers_can_swap_their_names(directory: Directory) -> None:
    directory.knows(1, manager=8)
    directory.knows(2, manager=9)
    directory.knows(8, displayname="A")
    directory.knows(9, displayname="B")
    directory.run()
    directory.knows(8, displayname="B")
    directory.knows(9, displayname="A")

    directory.run()

    assert (directory.managers()["1"], directory.managers()["2"]) == ("B", "A")


def test_that_the_name_is_the_one_the_person_has_here(directory: Directory) -> None:
    directory.knows(1, manager=9)
    directory.knows(9, displayname="Grace")
    directory.run()
    directory.edit(9, "name", "Grace B. Hopper")

    directory.run()

    assert directory.managers()["1"] == "Grace B. Hopper"


def test_that_a_hand_edited_manager_is_kept(directory: Directory) -> None:
    directory.knows(1, manager=9)
    directory.knows(9, displayname="Grace")
    directory.run()
    directory.edit(1, "manager", "Ada")
    directory.knows(9, displayname="Grace Hopper")

    directory.run()

    assert directory.managers()["1"] == "Ada"


def test_that_a_manager_whom_nobody_lists_any_more_is_known_by_the_link(directory: Directory) -> None:
    directory.knows(1, manager=9)
    directory.knows(9, displayname="Grace")
    directory.run()
    del directory.people[9]
    directory.knows(1, manager=9, jobTitle="Director")
    directory.knows(2, manager=9)

    directory.run()

    assert directory.managers() == {"1": "Grace", "9": None, "2": "Grace"}


@pytest.mark.parametrize("manager", ["", None, "6026bec6b8207255ffffffff", 7, ...])
def test_that_nobody_at_all_leaves_the_field_empty(directory: Directory, manager: object) -> None:
    directory.people[1] = user(1, manager=manager)

    directory.run()

    assert directory.managers() == {"1": None}


def test_that_a_manager_who_is_taken_away_is_taken_away_here(directory: Directory) -> None:
    directory.knows(1, manager=9)
    directory.knows(9)
    directory.run()
    directory.knows(1)

    directory.run()

    assert directory.managers()["1"] is None


def test_that_a_manager_whom_a_filter_leaves_out_still_has_a_name(directory: Directory) -> None:
    directory.integrate(filter=[{"field": "email", "operator": "does_not_equal", "value": "person.9@example.com"}])
    directory.knows(1, manager=9)
    directory.knows(9, displayname="Grace")

    directory.run()

    assert directory.managers() == {"1": "Grace"}


def test_that_create_only_leaves_the_reports_of_a_renamed_manager_alone(directory: Directory) -> None:
    directory.integrate(preference="create_only")
    directory.knows(1, manager=9)
    directory.knows(9, displayname="Grace")
    directory.run()
    directory.knows(9, displayname="Grace Hopper")

    result = directory.run()

    assert result.counts["people"]["updated"] == 0
    assert directory.managers()["1"] == "Grace"


def mapped(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"source": "email", "target": "username"},
        {"source": "email", "target": "email", "sync_key": 1},
        {"value": "Employee", "target": "role"},
        *lines,
    ]


def test_that_without_a_mapped_name_the_vendors_own_is_taken(directory: Directory) -> None:
    directory.integrate(map=mapped({"source": "manager", "target": "manager"}))
    directory.knows(1, manager=9)
    directory.knows(9, displayname="Grace")

    directory.run()

    assert directory.managers()["1"] == "Grace"


def test_that_the_id_itself_can_be_had_by_a_template(directory: Directory) -> None:
    directory.integrate(map=mapped({"source": "{{ response.manager }}", "target": "manager"}))
    directory.knows(1, manager=9)
    directory.knows(9)

    directory.run()

    assert directory.managers()["1"] == made(9)


def test_that_steps_on_another_user_are_refused(directory: Directory) -> None:
    with pytest.raises(UserError, match=r"map\[4\]\.transform"):
        directory.integrate(map=mapped({"source": "manager", "target": "manager", "transform": ["upper"]}))
