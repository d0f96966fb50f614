"""The settings of a block over a real store: counts, lists, requests and answers are those of the records there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QRadioButton

from saasdesk.ui.canvas.inspector.matches import MatchesExtra
from saasdesk.ui.canvas.inspector.matches_dialog import MatchesDialog
from saasdesk.ui.canvas.inspector.request_trial import RequestTrialExtra
from saasdesk.ui.canvas.inspector.vendor_fields import CredentialField
from saasdesk.ui.dialogs.credential.add_dialog import AddCredentialDialog
from saasdesk.ui.dialogs.export_dialog import ExportDialog
from saasdesk.workflows import editing
from tests.ui.pages.workflows.conftest import Bench

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_settings_speak_of_the_records_that_are_there(bench: Bench) -> None:
    page = bench.editor()
    assert page.design is not None
    model, pane = page.design.model, page.design.inspector
    problems = page.design.problems
    # With nothing to list the canvas has the room: a splitter would keep it for the list.
    bench.wait(lambda: problems.geometry().bottom() >= problems.parentWidget().height() - 2)

    # Begin: how many fit, and which.
    model.select(["begin"])
    begin = pane.extra
    assert isinstance(begin, MatchesExtra)
    bench.wait(lambda: "records match" in begin.outcome.text())
    taken = int(begin.outcome.text().split(" ")[0])
    assert taken > 0
    begin.show_list.click()
    dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MatchesDialog))
    bench.wait(lambda: dialog.table.count_label.text().startswith(f"{taken}"))
    # They are exported from there, too: the dialog stands over the list.
    dialog.table.export_button.click()
    export = dialog.findChild(ExportDialog)
    assert isinstance(export, ExportDialog)
    assert QApplication.activeModalWidget() is export
    assert any(choice.text() == f"All {taken} that match the filter" for choice in export.findChildren(QRadioButton))
    export.reject()
    dialog.accept()

    # A criterion that is half done is a sentence, and the document keeps it.
    unfinished = {"all": [{"field": "email", "operator": "equals", "value": ""}]}
    settings = {**model.document.blocks[0].settings, "criteria": unfinished}
    model.edit("Change", editing.with_settings(model.document, "begin", settings))
    bench.wait(lambda: begin.outcome.text().startswith("Rule criteria, condition 1: “is” needs a value"))
    assert not begin.show_list.isEnabled()
    model.undo_stack.undo()
    bench.wait(lambda: begin.outcome.text().startswith(f"{taken} of"))

    # The block that deletes: what would be sent for one record, and what a stand-in answers to it.
    model.select(["delete"])
    trial = pane.extra
    assert isinstance(trial, RequestTrialExtra)
    assert trial.ask_vendor.isHidden()
    picker = trial.ask()
    bench.wait(lambda: picker.shown)
    bench.qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    bench.wait(lambda: trial.request.toPlainText().startswith("DELETE "))
    trial.test.click()
    bench.wait(lambda: "stand-in of the vendor" in trial.sent.text())
    assert trial.exchange.toPlainText() != trial.request.toPlainText()
    assert trial.answer.toPlainText().startswith("204")
    assert not bench.workshop.calls()

    # A new credential is one for the preset's vendor.
    credential = pane.form.lines["credential"].field
    assert isinstance(credential, CredentialField)
    credential.new.click()
    made = next(each for each in QApplication.topLevelWidgets() if isinstance(each, AddCredentialDialog))
    assert made.isVisible()
    made.close()
    assert not page.is_dirty
