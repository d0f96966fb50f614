from saasdesk.simulator.names import NAME_GROUPS, plain_letters


def test_that_every_name_has_plain_letters() -> None:
    for group in NAME_GROUPS:
        for name in (*group.givens, *group.families):
            assert name.plain.isascii(), name
            assert name.plain.islower(), name
            assert name.plain.isalpha(), name


def test_that_no_pair_of_plain_names_comes_twice() -> None:
    pairs = [
        (given.plain, family.plain) for group in NAME_GROUPS for given in group.givens for family in group.families
    ]

    assert len(set(pairs)) == len(pairs)


def test_that_one_round_of_names_has_no_common_measure_with_the_divisions() -> None:
    # Else each division would have people from some countries only.
    assert sum(group.share for group in NAME_GROUPS) == 65


def test_that_letters_without_a_mark_to_take_off_are_spelt_out() -> None:
    assert plain_letters("Łæßð Þórə") == "laessdthore"
