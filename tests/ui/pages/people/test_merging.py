"""Two of one person are found, merged and made two again in the window."""

import pytest
from PySide6.QtCore import Qt

from saasdesk.fields import ObjectKind
from saasdesk.records.editing import add_record
from saasdesk.ui.pages.people import PeoplePage, PersonPage
from saasdesk.ui.pages.people.duplicates_page import DuplicatesPage
from tests.ui.conftest import press
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_two_of_one_person_are_found_merged_and_made_two_again(whole: Whole) -> None:
    office = whole.office
    office.run()
    first, name, address = office.rows("SELECT id, name, email FROM person ORDER BY id")[0]
    values = {"username": "twin", "email": "twin@example.com", "role": "Employee", "name": str(name), "phone": "123"}
    twin = add_record(office.store, ObjectKind.PEOPLE, {**values, "department": "Sales"})

    whole.show("duplicates")
    page = whole.window.page("duplicates")
    assert isinstance(page, DuplicatesPage)
    whole.wait(lambda: page.pair is not None)
    assert page.pair is not None
    assert (page.pair.first.id, page.pair.second.id) == (first, twin)

    # In a narrow window, or with large letters, the names stay whole and the addresses give way.
    table = page.table
    for width, hidden in ((1056, False), (560, True)):
        table.resize(width, 300)
        whole.wait(lambda hidden=hidden: table.isColumnHidden(1) == hidden == table.isColumnHidden(3))
        assert table.columnWidth(0) >= 170
    table.resize(page.size())

    page.differ.click()
    whole.wait(lambda: page.pair is None)
    assert not page.merge.isEnabled()
    press(whole.window, "Undo")
    whole.wait(lambda: page.pair is not None)

    whole.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    whole.wait(lambda: page._merging.dialog is not None)
    dialog = page._merging.dialog
    assert dialog is not None
    assert set(dialog.values) == {"username", "email"}
    dialog.stays.setCurrentIndex(1)
    dialog.stays.activated.emit(1)
    whole.wait(lambda: "twin@example.com" in dialog.stays.itemText(0) and dialog.keep.isEnabled())
    dialog.values["email"].setCurrentIndex(1)
    dialog.keep.click()
    whole.wait(lambda: office.value(f"SELECT archived FROM person WHERE id = {first}"))
    assert office.value(f"SELECT email FROM person WHERE id = {twin}") == address
    assert office.value(f"SELECT count(*) FROM saas_user WHERE person = {twin}") == 1
    whole.wait(lambda: page.pair is None)

    whole.show("person", twin)
    person = whole.window.page("person")
    assert isinstance(person, PersonPage)
    whole.wait(person._merges.actions)
    person._merges.actions()[0].trigger()
    whole.wait(lambda: not office.value(f"SELECT archived FROM person WHERE id = {first}"))
    whole.wait(lambda: not person._merges.actions())

    whole.show("people")
    people = whole.window.page("people")
    assert isinstance(people, PeoplePage)
    whole.wait(lambda: len(people.order) == 61)
    people.table.view.select_rows([0, 1])
    whole.wait(people.merge_button.isVisible)
    people.table.view.select_rows([0, 1, 2])
    whole.wait(lambda: not people.merge_button.isVisible())
