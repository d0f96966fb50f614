import threading

from saasdesk.jobs import Ended, Jobs, Message


def test_that_whoever_stops_everything_waits_for_an_end_that_is_just_being_told() -> None:
    """A listener that went away meanwhile would be told into nothing."""
    is_telling, may_go_on = threading.Event(), threading.Event()
    told: list[Message] = []

    def listen(message: Message) -> None:
        is_telling.set()
        may_go_on.wait(10)
        told.append(message)

    jobs = Jobs(listen)
    jobs.start(lambda _tell, _stop: None, "quick")
    assert is_telling.wait(10)
    timer = threading.Timer(0.1, may_go_on.set)
    timer.start()

    left = jobs.stop_all(10)

    assert left == ()
    assert [type(message) for message in told] == [Ended]
    timer.join()
