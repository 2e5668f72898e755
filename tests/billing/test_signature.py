"""Which webhooks are Stripe's."""

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from newsroom.billing.signature import TOLERANCE, signed
from tests.factories import HOUR, NOON

BODY = '{"id": "evt_1", "name": "Kağıt"}'.encode()
SECOND = HOUR / 3600


def header(body: bytes = BODY, secret: str = "whsec_new", at=NOON) -> str:
    return stripe.WebhookSignature.generate_signature_header(body.decode(), secret, int(at.timestamp()))


def test_what_the_sdk_signs_is_signed():
    assert signed(BODY, header(), ["whsec_new"], NOON)


def test_both_secrets_hold_while_one_replaces_the_other():
    both = ["whsec_new", "whsec_old"]

    assert signed(BODY, header(secret="whsec_new"), both, NOON)
    assert signed(BODY, header(secret="whsec_old"), both, NOON)
    assert not signed(BODY, header(secret="whsec_older"), both, NOON)


def test_one_of_several_signatures_is_enough():
    moment, _, good = header().partition(",")

    assert signed(BODY, f"{moment},v1=00ff,{good},v0=abc", ["whsec_new"], NOON)


def test_a_signature_holds_five_minutes_in_both_directions():
    edge = [signed(BODY, header(), ["whsec_new"], NOON + sign * TOLERANCE) for sign in (1, -1)]
    beyond = [signed(BODY, header(), ["whsec_new"], NOON + sign * (TOLERANCE + SECOND)) for sign in (1, -1)]

    assert (edge, beyond) == ([True, True], [False, False])


@pytest.mark.parametrize(
    "offered",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=12345678901234567890,v1=00",
        "t=-5,v1=00",
        "t=\u0663,v1=00",
        "t=1e3,v1=00",
        "v1=00",
        f"t={int(NOON.timestamp())}",
        f"t={int(NOON.timestamp())},v1=",
        f"t={int(NOON.timestamp())},v1=ğü",
        f"t={int(NOON.timestamp())},v1=\udcff",
        header().replace("v1=", "v0="),
        header() + f",t={int(NOON.timestamp())}",
        header(b"another body"),
        header(secret="whsec_another"),
    ],
)
def test_what_is_not_signed(offered: str):
    assert not signed(BODY, offered, ["whsec_new"], NOON)


def test_without_a_secret_nothing_is_signed():
    assert not signed(BODY, header(secret=""), [""], NOON)
    assert not signed(BODY, header(), [], NOON)


@given(st.binary(max_size=80), st.text(max_size=80))
def test_nothing_made_up_passes_or_breaks_it(body: bytes, offered: str):
    assert not signed(body, offered, ["whsec_new"], NOON)
