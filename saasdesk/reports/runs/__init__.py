"""Runs of reports: what was run when and by whom, how it differs from the run before, and where its file went."""

from saasdesk.reports.runs.rows import RunRow, RunStatus

__all__ = ["RunRow", "RunStatus"]
