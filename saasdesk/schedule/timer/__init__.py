"""The operating system's own timer, which starts what is due while no window is open."""

from saasdesk.schedule.timer.system_timer import Outcome, SystemTimer, TimerState, run_program, timer_for

__all__ = ["Outcome", "SystemTimer", "TimerState", "run_program", "timer_for"]
