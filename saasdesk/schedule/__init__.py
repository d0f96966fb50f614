"""What is due: slots and time zones. Says what, starts nothing."""

from saasdesk.schedule.slots import Schedule, latest_slot, next_slot, slot_key

__all__ = ["Schedule", "latest_slot", "next_slot", "slot_key"]
