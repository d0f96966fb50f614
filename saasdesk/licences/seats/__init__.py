"""Seats: which could be given back and why, and the figures that stand for them."""

from saasdesk.licences.seats.figures import (
    ApplicationSeats,
    Figure,
    Finding,
    Findings,
    Lane,
    Use,
    read_application_seats,
    read_findings,
)
from saasdesk.licences.seats.judging import (
    LONGEST_DAYS,
    OwnDays,
    keep_own_days,
    list_own_days,
    own_days,
    read_yardstick,
)
from saasdesk.licences.seats.seat_list import EverySeatList, SeatList, record_of_seat

__all__ = [
    "LONGEST_DAYS",
    "ApplicationSeats",
    "EverySeatList",
    "Figure",
    "Finding",
    "Findings",
    "Lane",
    "OwnDays",
    "SeatList",
    "Use",
    "keep_own_days",
    "list_own_days",
    "own_days",
    "read_application_seats",
    "read_findings",
    "read_yardstick",
    "record_of_seat",
]
