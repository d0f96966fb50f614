"""Who issued a certificate, read from its bytes; odd bytes are nobody's."""

import ssl
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from saasdesk.web.certificates import certificates_in, facts_of, issuer_of

SERVER = (Path(__file__).parent / "certificates" / "server.pem").read_text()
CERTIFICATE = ssl.PEM_cert_to_DER_cert(SERVER[SERVER.index("-----BEGIN CERTIFICATE") :])


def test_that_the_issuer_is_read_by_name_and_organisation():
    assert issuer_of(CERTIFICATE) == "Example Inspection CA, Example Inspection"


def test_that_whose_a_certificate_is_and_when_it_ends_is_read():
    (facts,) = certificates_in(Path(__file__).parent / "certificates" / "authority.pem")

    assert facts.subject == "Example Inspection CA, Example Inspection"
    assert facts.ends is not None
    assert facts.ends.year > 2026


@given(st.integers(0, len(CERTIFICATE) - 1), st.integers(0, 255))
def test_that_the_facts_of_a_damaged_certificate_are_no_crash(place, byte):
    assert facts_of(CERTIFICATE[:place] + bytes([byte]) + CERTIFICATE[place + 1 :]) is not None


@given(st.binary(max_size=200))
def test_that_bytes_that_are_no_certificate_have_no_issuer(content):
    assert issuer_of(content) == ""


@given(st.integers(0, len(CERTIFICATE) - 1), st.integers(0, 255))
def test_that_a_damaged_certificate_is_no_crash(place, byte):
    damaged = CERTIFICATE[:place] + bytes([byte]) + CERTIFICATE[place + 1 :]

    assert isinstance(issuer_of(damaged), str)


@given(st.integers(0, len(CERTIFICATE) - 1))
def test_that_a_cut_certificate_has_no_issuer(length):
    assert issuer_of(CERTIFICATE[:length]) == ""
