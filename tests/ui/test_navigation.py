from saasdesk.ui.navigation import History, Place

PEOPLE, ANA, PLAN = Place("people"), Place("person", 7), Place("plan", 3)


def test_that_a_new_history_goes_nowhere() -> None:
    history = History()

    assert history.here is None
    assert not history.can_go_back
    assert not history.can_go_forward


def test_that_back_and_forward_walk_the_same_places() -> None:
    history = History()
    for place in (PEOPLE, ANA, PLAN):
        history.go(place)

    assert history.back()[0] == ANA
    assert history.back()[0] == PEOPLE
    assert history.forward()[0] == ANA
    assert history.can_go_forward


def test_that_a_new_place_forgets_what_lay_ahead() -> None:
    history = History()
    history.go(PEOPLE)
    history.go(ANA)
    history.back()

    history.go(PLAN)

    assert not history.can_go_forward
    assert history.back()[0] == PEOPLE


def test_that_going_where_we_are_adds_nothing() -> None:
    history = History()
    history.go(PEOPLE)

    history.go(Place("people"))

    assert not history.can_go_back


def test_that_a_place_comes_back_with_how_it_looked() -> None:
    history = History()
    history.go(PEOPLE)
    history.leave({"scrolled": 40})
    history.go(ANA)

    assert history.back() == (PEOPLE, {"scrolled": 40})
