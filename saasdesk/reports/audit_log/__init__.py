"""The audit log as a list: filtered, sorted, counted and exported like records."""

from saasdesk.reports.audit_log.audit_list import LATELY, AuditList, Entry, find_entry

__all__ = ["LATELY", "AuditList", "Entry", "find_entry"]
