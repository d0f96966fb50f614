"""What is handed to whoever helps: facts about the program and its work, without secrets and without people."""

from saasdesk.support.bundle import BundleFile, collect, last_error, write_bundle

__all__ = ["BundleFile", "collect", "last_error", "write_bundle"]
