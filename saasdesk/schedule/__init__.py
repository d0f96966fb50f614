"""What is due: slots and time zones. Says what, starts nothing."""

from saasdesk.schedule.slots import OddSlot, Schedule, latest_slot, next_slot, odd_slots, slot_key

__all__ = ["OddSlot", "Schedule", "latest_slot", "next_slot", "odd_slots", "slot_key"]
