"""A secret shows itself to nobody by accident."""

import copy
import json
import pickle

import pytest

from saasdesk.web import Secret
from tests.web.conftest import KEY


def test_p07_a_secret_prints_as_a_placeholder_in_every_way_of_printing():
    secret = Secret(KEY)

    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>30}", f"{[secret]}", "%s %r" % (secret, secret)]  # noqa: UP031

    assert not [text for text in shown if KEY in text]
    assert repr(secret) == "<secret>"


@pytest.mark.parametrize("copying", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps], ids=lambda f: f.__name__)
def test_p07_a_secret_cannot_be_pickled_copied_or_written_as_json(copying):
    with pytest.raises(TypeError) as raised:
        copying(Secret(KEY))

    assert KEY not in str(raised.value)


def test_that_secrets_are_equal_when_their_texts_are():
    assert Secret(KEY) == Secret(KEY)
    assert Secret(KEY) != Secret("another")
    assert Secret(KEY) != KEY
