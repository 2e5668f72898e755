"""Mail domains: proven or confirmed, and open to whoever's verified address is exactly there."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from newsroom.accounts.actions import (
    NotProven,
    Unresolved,
    add_domain,
    check_claim,
    claim_domain,
    end_domain,
    record_name,
    withdraw_claim,
)
from newsroom.accounts.addresses import follow
from newsroom.accounts.models import Address, Domain, DomainClaim
from newsroom.accounts.readers import reader_of
from newsroom.accounts.rules import BadDomain
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from tests.factories import DAY, HOUR, NOON, a_user, an_organisation

pytestmark = pytest.mark.django_db


class Records:
    """A Domain Name System that says what the test says."""

    known: dict[str, list[str]] = {}

    def texts(self, name: str) -> list[str]:
        if name == "_newsroom.silent.example":
            raise Unresolved(name)
        return self.known.get(name, [])


@pytest.fixture(autouse=True)
def records(settings, monkeypatch):
    settings.DOMAIN_RESOLVER = f"{__name__}.Records"
    monkeypatch.setattr(Records, "known", {})


def claim(organisation, name="uni.example"):
    return claim_domain(organisation=organisation, name=name, by=SYSTEM, at=NOON)


def check(made, at=NOON):
    return check_claim(claim=made, by=SYSTEM, at=at)


def verified(email: str, at=NOON - DAY):
    user = a_user()
    follow(user_id=user.pk, email=email, verified=True, at=at)
    return user


def test_a_domain_is_proven_by_a_record_with_its_token():
    uni = an_organisation()
    made = claim(uni, "Uni.Example.")
    Records.known[record_name("uni.example")] = ["v=spf1 -all", made.token]

    check(made, NOON + HOUR)

    assert Domain.objects.values_list("organisation", "name", "proof", "valid_from").get() == (
        uni.pk,
        "uni.example",
        "dns",
        NOON + HOUR,
    )
    assert DomainClaim.objects.get().closed_at == NOON + HOUR
    assert len(made.token) == len("newsroom-") + 32


def test_a_claim_gives_nothing_until_it_is_proven():
    uni, user = an_organisation(), verified("user@uni.example")
    made = claim(uni)
    for found in ([], ["newsroom-other"], [made.token[:-1]], [made.token.upper()]):
        Records.known[record_name("uni.example")] = found
        with pytest.raises(NotProven) as refusal:
            check(made)
        assert refusal.value.field == "name"

    assert reader_of(user, NOON).domain_ids == frozenset()
    assert DomainClaim.objects.get().checked_at == NOON


def test_anothers_token_proves_nothing():
    uni, other = an_organisation(), an_organisation()
    theirs, ours = claim(other), claim(uni)
    Records.known[record_name("uni.example")] = [theirs.token]

    with pytest.raises(NotProven):
        check(ours)
    check(theirs)
    with pytest.raises(BadDomain, match="proven already"):
        claim(uni)
    Records.known[record_name("uni.example")] = [ours.token]
    with pytest.raises(BadDomain, match="proven already"):
        check(ours)


def test_when_nobody_answers_nothing_is_proven():
    with pytest.raises(Unresolved):
        check(claim(an_organisation(), "silent.example"))
    assert not Domain.objects.exists()


def test_the_same_claim_again_is_the_same_and_given_up_it_is_closed():
    uni = an_organisation()
    first, again = claim(uni), claim(uni)
    withdraw_claim(claim=first, by=SYSTEM, at=NOON)

    assert (first, DomainClaim.objects.get().closed_at) == (again, NOON)
    assert claim(uni).token != first.token


def test_staff_confirms_a_domain_with_a_reason():
    uni = an_organisation()
    add_domain(organisation=uni, name="müller.example", by=SYSTEM, at=NOON, why="called the library")

    line = AuditEntry.objects.get(action="organisation.domain_proven")
    assert (line.why, line.facts) == ("called the library", {"domain": "xn--mller-kva.example", "proof": "staff"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.create(organisation=an_organisation(), name="xn--mller-kva.example", valid_from=NOON)


@pytest.mark.parametrize(
    ("email", "opens"),
    [
        ("user@uni.example", True),
        ("USER+news@Uni.Example", True),
        ("user@evil.example.uni.example", False),
        ("user@mail.uni.example", False),
        ("user@uni.example.evil.example", False),
        ("user@xuni.example", False),
        ('"user@uni.example"@evil.example', False),
    ],
)
def test_the_domain_is_matched_exactly(email, opens):
    uni = an_organisation()
    add_domain(organisation=uni, name="uni.example", by=SYSTEM, at=NOON - DAY, why="known")

    assert reader_of(verified(email), NOON).domain_ids == ({uni.pk} if opens else frozenset())


def test_a_domain_in_another_script_is_the_same_in_both_ways_of_writing():
    uni = an_organisation()
    add_domain(organisation=uni, name="MÜLLER.example", by=SYSTEM, at=NOON - DAY, why="known")

    for email in ("a@müller.example", "b@xn--mller-kva.example"):
        assert reader_of(verified(email), NOON).domain_ids == {uni.pk}


def test_domain_and_address_count_from_their_first_moment_to_their_last():
    uni, user = an_organisation(), verified("user@uni.example", NOON)
    domain = add_domain(organisation=uni, name="uni.example", by=SYSTEM, at=NOON - DAY, why="known")
    follow(user_id=user.pk, email="user@uni.example", verified=False, at=NOON + HOUR)
    end_domain(domain=domain, by=SYSTEM, at=NOON + DAY)

    moments = (NOON - HOUR, NOON, NOON + HOUR / 2, NOON + HOUR)
    assert [bool(reader_of(user, at).domain_ids) for at in moments] == [False, True, True, False]

    other = verified("other@uni.example", NOON - HOUR)
    assert [bool(reader_of(other, at).domain_ids) for at in (NOON, NOON + DAY)] == [True, False]


def test_what_the_sign_in_package_verifies_and_drops_is_followed(monkeypatch):
    monkeypatch.setattr("newsroom.accounts.receivers.now", lambda: NOON)
    user = a_user()
    address = EmailAddress.objects.create(user=user, email="User@Uni.example", verified=False, primary=True)
    assert not Address.objects.exists()

    address.verified = True
    address.save()
    address.save()
    assert Address.objects.values_list("user", "email", "host", "valid_from", "valid_to").get() == (
        user.pk,
        "user@uni.example",
        "uni.example",
        NOON,
        None,
    )
    address.delete()
    assert Address.objects.get().valid_to == NOON


def test_an_address_is_of_one_person_at_a_time():
    former, present = verified("desk@uni.example"), verified("desk@uni.example", NOON)

    assert [each.valid_to for each in Address.objects.filter(user=former)] == [NOON]
    assert [each.valid_to for each in Address.objects.filter(user=present)] == [None]
