"""Feeders: which integrations fill a field of people, and whose value stands."""

from saasdesk.records.feeders.feeders import Feeder, feeders_of, let_others_look, set_order

__all__ = ["Feeder", "feeders_of", "let_others_look", "set_order"]
