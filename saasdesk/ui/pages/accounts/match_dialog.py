"""Choosing the person whose account it is: likely ones first with the reason, or anybody by a search."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from saasdesk.records.matching import AccountToMatch, Candidate, candidates
from saasdesk.store import Store
from saasdesk.ui.dialogs.chooser import Chooser
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.lines import Cell, Heading, Line
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.paragraph import Run


class MatchDialog(Chooser):
    """`wanted` brings the number of the person."""

    wanted = Signal(int)

    def __init__(
        self,
        store: Store,
        theme: Theme,
        readers: TableReaders,
        account: AccountToMatch,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            title=_tr("Match to a person"),
            lead=_tr("Whose account is {0} in {1}?").format(account.name, account.application),
            search=_tr("Search people by name, e-mail address or department"),
            things=_tr("People"),
            headings=(
                Heading(_tr("Name"), share=5),
                Heading(_tr("Email"), share=6),
                Heading(_tr("Department"), share=4),
                Heading(_tr("Why"), share=5),
            ),
            verb=_tr("MATCH"),
            icon="link",
            parent=parent,
        )
        self._store, self._account = store, account
        self._reading = Reading(readers, self)
        self.look_for("")

    @property
    def candidate(self) -> Candidate | None:
        """Who is chosen."""
        key = self.table.current_key
        return key if isinstance(key, Candidate) else None

    def look_for(self, text: str) -> None:
        """Ask for whoever it may be, or whoever has these words."""
        store, account = self._store, self._account
        self.take.setEnabled(False)
        self._reading.ask(
            "people", lambda stop: candidates(store, account, text, stop), self._show_candidates, self._complain
        )

    def _show_candidates(self, found: list[Candidate]) -> None:
        self.show_found([_line(candidate) for candidate in found])

    def _complain(self, sentence: str) -> None:
        self.table.show_lines(())
        self.outcome.set_runs(sentence)

    def show_choice(self) -> None:
        """Say whose it would be from then on."""
        candidate, account = self.candidate, self._account
        self.take.setEnabled(candidate is not None and candidate.person != account.person)
        if candidate is None:
            nobody = _tr("Nobody looks like it. Search for the person by name or e-mail address.")
            self.outcome.set_runs(_tr("Nobody is found by these words.") if self.search.text() else nobody)
            return
        if candidate.person == account.person:
            self.outcome.set_runs(_tr("It is this person's account already."))
            return
        before = account.person_name or _tr("nobody")
        self.outcome.set_runs(
            _tr("Person: "),
            Run(before, tone="muted"),
            " → ",
            Run(candidate.name, strong=True),
            _tr(". Runs keep it so, and change nothing that is known of the person."),
        )

    def choose(self) -> None:
        """Give the account to the person chosen."""
        candidate = self.candidate
        if candidate is not None and self.take.isEnabled():
            self.accept()
            self.wanted.emit(candidate.person)


def _line(candidate: Candidate) -> Line:
    cells = (
        Cell(candidate.name, role="name", has_monogram=True),
        Cell(candidate.email, "muted"),
        Cell(candidate.department, "muted"),
        Cell(candidate.reason, "accent" if candidate.reason else "muted"),
    )
    return Line(cells, candidate)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MatchDialog", text)
