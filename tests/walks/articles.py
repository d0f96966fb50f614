"""What the vendors' help articles have an admin do, step after step in their order, in the real window.

`make screens` takes the pictures of docs/walkthroughs on the way; the tests look at what came of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit

from saasdesk.app.picture import wait_until_drawn
from saasdesk.app.window import WindowDesk
from saasdesk.fields import ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.integration import IntegrationState
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.mapping_editor.target_model import KEY, SOURCE
from saasdesk.ui.pages.plan import PlanPage
from tests.walks.hands import Hand, Keys, MouseOfQt, is_seen, middle, seen, settle, wait_until
from tests.walks.mapping import arrow_of, cell_at, editor_in, pick_from_list


@dataclass(frozen=True)
class Article:
    """What is special in one vendor's article.

    `inputs` are the names of what is asked besides the key, with their keys in what the simulator tells;
    `new_fields` the custom mappings: which field of the vendor's gets one, its name, and whether it is Unique.
    """

    vendor: str
    title: str
    new_fields: tuple[tuple[str, str, bool], ...]
    inputs: Mapping[str, str] = field(default_factory=dict)
    global_variable: tuple[str, str] | None = None

    @property
    def integration(self) -> str:
        """What ADD calls it."""
        return f"{self.title} users"


ARTICLES = {
    "pagerduty": Article("pagerduty", "PagerDuty", (("Id", "PagerDuty User ID", True),)),
    "jumpcloud": Article("jumpcloud", "JumpCloud", (("ID", "JumpCloud User Id", True),)),
    "jetbrains": Article(
        "jetbrains",
        "JetBrains",
        (("License Id", "JetBrains License Id", True),),
        global_variable=("JetBrains.Company Code", "company_code"),
    ),
    "atlassian": Article(
        "atlassian",
        "Atlassian",
        (
            ("Account ID", "Atlassian Account ID", True),
            ("Account Status", "Atlassian Account Status", False),
            ("Last Active", "Atlassian Last Active", False),
            ("Application Names", "Atlassian Application Names", False),
        ),
        inputs={"Organization ID": "organization_id"},
    ),
}

Take = Callable[[str], object]


def _no_picture(_name: str) -> None:
    """Nobody looks."""


class Walk:
    """One admin, one article, from an empty profile to records."""

    def __init__(
        self,
        desk: WindowDesk,
        store: Store,
        article: Article,
        access: Mapping[str, str],
        take: Take = _no_picture,
    ) -> None:
        self._desk, self._store, self._article, self._access = desk, store, article, access
        self._window = desk.window
        self._hand, self._keys = Hand(MouseOfQt()), Keys(desk.window)
        self._take_picture = take

    def go(self) -> None:
        """The whole article."""
        if self._article.global_variable is not None:
            self.add_variable(*self._article.global_variable)
        self.add_credential()
        self.add_integration()
        self.edit_details()
        self.map()
        self.launch()
        self.look_at_result()

    def add_variable(self, key: str, value: str) -> None:
        """Configuration, General, Global Settings."""
        self._show("configuration", "variables")
        self._press("Add new variable")
        self._choose_in("Name", key)
        self._fill("Value", self._access[value])
        self._take("variable")
        self._press("CREATE")
        self._until_closed("the variable is kept")

    def add_credential(self) -> None:
        """Configuration, Security, Credentials."""
        self._show("configuration", "credentials")
        self._press("Add new credential")
        self._take("vendors")
        self._press(f"Go on with {self._article.title}")
        wait_until(lambda: is_seen("Next"), "the permission level")
        self._take("permission")
        self._press("Next")
        wait_until(lambda: is_seen("Check key"), "the form for the key")
        self._choose_in("Region", "Another address…")
        self._fill("Address", self._access["base_url"])
        for name, key in self._article.inputs.items():
            self._fill(name, self._access[key])
        self._fill("Key", self._access["key"])
        self._take("key")
        self._press("Check key")
        wait_until(lambda: is_seen("CREATE"), "the key works")
        self._take("scopes")
        self._press("CREATE")
        self._until_closed("the credential is kept")
        self._take("credentials")

    def add_integration(self) -> None:
        """Integrations, block view, NEW INTEGRATION, ADD."""
        self._show("integrations")
        self._press("NEW INTEGRATION")
        self._fill("Search vendors", self._article.title)
        self._take("gallery")
        self._press(f"Add {self._article.integration}")
        wait_until(lambda: is_seen("Edit the integration details"), "the page of the draft")
        self._take("draft")

    def edit_details(self) -> None:
        """User plus SaaS user, Deactivate; then the credential, where ADD has not found it."""
        self._press("Edit the integration details")
        wait_until(lambda: is_seen("User plus SaaS user"), "the details")
        self._press("User plus SaaS user")
        self._take("details")
        self._press_if("UPDATE")
        self._until_closed("the details are kept")
        self._press("Choose the credential")
        self._choose_in("Credential", f"{self._article.title} key")
        self._take("credential")
        self._press("UPDATE")
        self._until_closed("the credential is chosen")

    def map(self) -> None:
        """Smart Mapping, custom mappings, e-mail, role, sync key, UPDATE."""
        self._press("Edit the mapping")
        editor = editor_in(self._window)
        self._press("Read up to 50 records")
        wait_until(lambda: editor.board.records, "records")
        self._press("Smart Mapping")
        if editor.review.isVisible():
            self._take("smart")
            # What the article names is mapped by ADD already; then only weak matches are left, and none is ticked.
            self._press_first(editor.review.apply.label, "Dismiss")
        for source, label, is_unique in self._article.new_fields:
            self._add_field(editor, source, label, is_unique=is_unique)
        for name in ("email", "username"):
            assert editor.board.row_of(_person(name)) is not None
        if editor.board.row_of(_person("role")) is None:
            self._hand.click(cell_at(editor.targets, "Role", SOURCE))
            pick_from_list(self._hand, "“Employee”")
        row = editor.board.row_of(_person("email"))
        assert row is not None
        if row.sync_key is None:
            self._hand.click(cell_at(editor.targets, "Email", KEY))
        self._take("mapping")
        self._press_if("UPDATE")
        wait_until(lambda: not editor.board.is_dirty, "the mapping is kept")

    def launch(self) -> None:
        """Launch leads over the plan of the first run."""
        self._press("Launch")
        wait_until(lambda: isinstance(self._window.current_page, PlanPage) and is_seen("Launch"), "the first plan")
        self._take("plan")
        self._press("Launch")

        def is_launched() -> bool:
            found = integrations.find_integration(self._store, self._article.integration)
            return found.state is IntegrationState.ACTIVE

        wait_until(is_launched, "the integration is launched")

    def look_at_result(self) -> None:
        """Run Now; then People, and Software, the application, Users."""
        self._show("integrations")
        name = f"Run Now: {self._article.integration}"
        wait_until(lambda: is_seen(name), "Run Now")
        self._press(name)
        wait_until(lambda: not self._desk.jobs.running(), "the run")
        self._take("integrations")
        self._show("people")
        self._take("people")
        with self._store.reading() as db:
            (number,) = db.execute_sql("SELECT min(id) FROM saas_application").fetchone()
        self._show("software", number)
        self._take("users")

    # One thing at a time

    def _add_field(self, editor: MappingEditor, source: str, label: str, *, is_unique: bool) -> None:
        """The down arrow of the vendor's field, Add new field, the name, Unique, CREATE."""
        if any(target.label == label and editor.board.row_of(Place.of(target)) for target in editor.board.targets):
            return
        self._hand.click(arrow_of(editor.sources, source))
        self._hand.choose("Add new field…")
        self._fill("Label", label)
        unique = seen("Unique", QCheckBox)
        if unique.isChecked() is not is_unique:
            self._hand.click(unique)
        self._take("new-field")
        self._press("CREATE")

    def _show(self, page: str, argument: object = None) -> None:
        self._window.navigate(page, argument)
        wait_until_drawn(self._desk)

    def _until_closed(self, what: str) -> None:
        wait_until(lambda: not QApplication.activeModalWidget(), what)
        wait_until_drawn(self._desk)

    def _press(self, name: str) -> None:
        wait_until(lambda: is_seen(name), name)
        self._hand.click(seen(name))
        settle()

    def _press_if(self, name: str) -> None:
        """Nothing changed: then there is nothing to update."""
        if is_seen(name):
            self._press(name)
        elif is_seen("Cancel"):
            self._press("Cancel")

    def _press_first(self, *names: str) -> None:
        """The first of these that can be pressed."""
        self._press(next(name for name in names if is_seen(name)))

    def _fill(self, name: str, text: str) -> None:
        wait_until(lambda: is_seen(name), name)
        field = seen(name, QLineEdit)
        self._hand.click(field)
        self._keys.press("Ctrl+A")
        self._keys.type(text)
        assert field.text() == text

    def _choose_in(self, name: str, words: str) -> None:
        wait_until(lambda: is_seen(name), name)
        combo = seen(name, QComboBox)
        if combo.currentText() != words:
            # On its arrow: elsewhere the text of one that can be edited would be clicked.
            self._hand.click(middle(combo) + QPoint(combo.width() // 2 - 10, 0))
            pick_from_list(self._hand, words)

    def _take(self, name: str) -> None:
        wait_until_drawn(self._desk)
        self._take_picture(f"{self._article.vendor}-{name}")


def _person(name: str) -> Place:
    return Place(ObjectKind.PEOPLE, name)
