"""Short tokens: what they say, how they are checked, how keys are rotated, and what ends them early."""

import base64
import hashlib
import hmac
import io
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.test import Client

from newsroom.core.audit import SYSTEM
from newsroom.delivery.api import signing
from newsroom.delivery.api.signing import BadToken
from newsroom.delivery.models import SigningKey
from newsroom.licensing.rules import Limits, Quota, Use
from tests.factories import HOUR, NOON, a_licence, a_member, a_product, an_item
from tests.leaks.world import at

pytestmark = pytest.mark.django_db
EDGE = "https://edge.example"
OURS = "http://127.0.0.1:8000"
SECOND = timedelta(seconds=1)


def a_token(machine, **facts):
    response = machine.post("/tokens", {"audience": EDGE} | facts)
    assert response.status_code == 201, response.content
    return response.json()["token"]


def keys_of_edge():
    response = Client().get("/.well-known/jwks.json")
    assert response.headers["Content-Type"] == "application/jwk-set+json"
    return {each["kid"]: each for each in response.json()["keys"]}


def read(token):
    """As an edge reads it: with nothing but what is published."""
    kid = jwt.get_unverified_header(token)["kid"]
    key = jwt.PyJWK(keys_of_edge()[kid], algorithm="EdDSA").key
    return jwt.decode(
        token, key, algorithms=["EdDSA"], audience=EDGE, issuer=OURS, options={"verify_exp": False, "verify_nbf": False}
    )


def checked(token, audience=EDGE, moment=NOON):
    return signing.verified(token, audience=audience, kind=signing.TOKEN, at=moment)


def test_a_token_says_what_an_edge_may_answer_by_itself(daily, machine):
    product = a_product()
    a_licence(daily, products=[product], uses=[Use.READ, Use.PUBLISH], limits=Limits(channels=frozenset({"web"})))

    claims = read(a_token(machine))

    (key,) = [each for each in claims["stands_on"] if each.startswith("key:")]
    assert {name: claims[name] for name in ("iss", "aud", "sub", "org", "iat", "nbf", "exp", "complete")} == {
        "iss": OURS,
        "aud": EDGE,
        "sub": f"org:{daily.pk}",
        "org": daily.pk,
        "iat": int(NOON.timestamp()),
        "nbf": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 300,
        "complete": True,
    }
    assert claims["entitlements"] == [{"products": [product.pk], "uses": ["publish", "read"], "channels": ["web"]}]
    assert claims["stands_on"] == [key, f"org:{daily.pk}"]


def test_what_a_token_cannot_say_is_left_to_the_check(daily, machine):
    a_licence(daily, limits=Limits(quotas=(Quota(Use.READ, 5),)))
    a_licence(daily, products=[], items=[an_item()])
    a_licence(daily, limits=Limits(seats=1))

    claims = read(a_token(machine))

    assert (claims["entitlements"], claims["complete"]) == ([], False)


def test_a_token_ends_with_the_licence(daily, machine):
    a_licence(daily, ends_at=NOON + timedelta(seconds=90))

    assert read(a_token(machine))["exp"] == int(NOON.timestamp()) + 90


def test_a_licence_that_rests_or_is_over_is_in_no_token(daily, machine):
    a_licence(daily, ends_at=NOON)
    a_licence(daily, starts_at=NOON + HOUR)
    a_licence(daily, suspended=True)

    assert read(a_token(machine))["entitlements"] == []


def test_a_token_for_a_member_is_about_them(daily, machine):
    person = a_member(daily)

    claims = read(a_token(machine, on_behalf_of={"email": person.email}))

    assert claims["sub"] == f"user:{person.pk}"
    assert f"members:{daily.pk}" in claims["stands_on"]


@pytest.mark.parametrize(
    "audience", ["https://other.example", "http://edge.example", "https://edge.example.evil.example"]
)
def test_a_key_issues_tokens_for_its_own_sites_only(machine, audience):
    response = machine.post("/tokens", {"audience": audience})

    assert (response.status_code, response.json()["code"]) == (403, "token.audience")


@pytest.mark.parametrize("seconds", [0, -1, 29, 301, "x", 10**9])
def test_no_token_lives_longer_than_five_minutes(machine, seconds):
    response = machine.post("/tokens", {"audience": EDGE, "seconds": seconds})

    assert (response.status_code, response.json()["fields"][0]["field"]) == (422, "seconds")


def part(found):
    return base64.urlsafe_b64encode(json.dumps(found).encode()).rstrip(b"=").decode()


def forged(token, header=None, **claims):
    """The token with another head and other claims, its signature kept."""
    head, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    was = json.loads(base64.urlsafe_b64decode(head + "=="))
    return ".".join([part(was | (header or {})), part(said | claims), signature])


def signed_by(private, token, kid, algorithm="EdDSA"):
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, private, algorithm=algorithm, headers={"kid": kid, "typ": signing.TOKEN})


def test_a_token_of_ours_is_ours(daily, machine):
    assert checked(a_token(machine))["sub"] == f"org:{daily.pk}"


def test_no_other_algorithm_is_believed(machine):
    token = a_token(machine)
    kid = jwt.get_unverified_header(token)["kid"]
    public = keys_of_edge()[kid]["x"].encode()
    head = part({"alg": "HS256", "kid": kid, "typ": signing.TOKEN})
    body = token.split(".")[1]
    mark = base64.urlsafe_b64encode(hmac.new(public, f"{head}.{body}".encode(), hashlib.sha256).digest())

    for wrong in (
        forged(token, {"alg": "none"}),
        forged(token, {"alg": "none"}).rpartition(".")[0] + ".",
        forged(token, {"alg": "HS256"}),
        f"{head}.{body}.{mark.rstrip(b'=').decode()}",
        forged(token, {"alg": "RS256", "jku": "https://evil.example/keys"}),
    ):
        with pytest.raises(BadToken):
            checked(wrong)


def test_nothing_in_a_token_may_be_changed(machine):
    token = a_token(machine)
    for wrong in (forged(token, sub="org:1"), forged(token, exp=2**40), forged(token, aud="https://other.example")):
        with pytest.raises(BadToken):
            checked(wrong)


def test_a_key_that_is_not_published_signs_nothing(machine):
    token = a_token(machine)
    stranger = Ed25519PrivateKey.generate()
    known = jwt.get_unverified_header(token)["kid"]
    for kid in ("unknown", "", known):
        with pytest.raises(BadToken):
            checked(signed_by(stranger, token, kid))


def test_a_token_is_for_one_audience(machine):
    with pytest.raises(BadToken):
        checked(a_token(machine), audience="https://other.example")


def test_a_list_of_revocations_is_no_token(machine):
    found = machine.get("/revocations").content.decode()
    audience = jwt.decode(found, options={"verify_signature": False})["aud"]
    with pytest.raises(BadToken):
        checked(found, audience=audience)


@pytest.mark.parametrize("garbage", ["", "x", "a.b.c", "....", "é.é.é", "e30.e30.e30"])
def test_garbage_is_no_token(garbage):
    with pytest.raises(BadToken):
        checked(garbage)


@pytest.mark.parametrize(
    ("after", "good"),
    [(-31, False), (-30, True), (0, True), (299, True), (300, True), (329, True), (330, False), (331, False)],
)
def test_clocks_may_differ_by_thirty_seconds(machine, after, good):
    token = a_token(machine)
    moment = NOON + after * SECOND
    if good:
        assert checked(token, moment=moment)
    else:
        with pytest.raises(BadToken):
            checked(token, moment=moment)


def test_a_new_key_is_published_before_it_signs_and_the_old_one_after(machine):
    token = a_token(machine)
    old = jwt.get_unverified_header(token)["kid"]
    call_command("rotate_signing_key", stdout=io.StringIO())
    new = SigningKey.objects.exclude(kid=old).get()

    said = {}
    for minutes in (0, 14, 15, 20, 21, 22):
        with at(NOON + timedelta(minutes=minutes)):
            kid = jwt.get_unverified_header(a_token(machine))["kid"]
            said[minutes] = ("new" if kid == new.kid else "old", set(keys_of_edge()) == {old, new.kid})

    assert said == {
        0: ("old", True),
        14: ("old", True),
        15: ("new", True),
        20: ("new", True),
        21: ("new", False),
        22: ("new", False),
    }
    assert list(_published(NOON + HOUR)) == [new.kid]


def _published(moment):
    with at(moment):
        return keys_of_edge()


def test_a_key_that_others_know_is_worth_nothing_at_once(machine):
    token = a_token(machine)
    with at(NOON + SECOND):
        signing.rotate(by=SYSTEM, at=NOON + SECOND, at_once=True)
        assert jwt.get_unverified_header(token)["kid"] not in keys_of_edge()
        with pytest.raises(BadToken):
            checked(token, moment=NOON + SECOND)
        assert checked(a_token(machine), moment=NOON + SECOND)


def test_a_private_key_lies_encrypted(machine, settings):
    a_token(machine)
    kept = SigningKey.objects.get()
    assert "PRIVATE" not in kept.private
    assert "d" not in kept.public
    settings.SECRET_KEY = "another-secret-of-the-site"
    assert machine.post("/tokens", {"audience": EDGE}).json()["code"] == "error.internal"
