from hypothesis import given
from hypothesis import strategies as st

from saasdesk.simulator.ids import Ids


@given(st.integers(0, 2**20), st.integers(0, 2**31 - 1))
def test_that_an_id_leads_back_to_its_number(seed: int, number: int) -> None:
    ids = Ids(seed, "user")

    assert ids.number(ids.make(number)) == number


def test_that_ids_look_like_the_vendors() -> None:
    assert all(len(made) == 7 and made[0] == "P" and made.isalnum() for made in map(Ids(1, "user").make, range(100)))


def test_that_no_two_numbers_get_the_same_id() -> None:
    ids = Ids(1, "user")

    assert len({ids.make(number) for number in range(-1_000, 50_000)}) == 51_000


def test_that_what_cannot_be_an_id_has_no_number() -> None:
    assert {Ids(1, "user").number(text) for text in ("", "P", "pabcdef", "QABCDEF", "PABCDEFG", "P../..X")} == {-1}
