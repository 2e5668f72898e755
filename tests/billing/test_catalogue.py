"""What is sold, and how Stripe comes to sell it."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from newsroom.billing import push
from newsroom.billing.catalogue import FILE, BadCatalogue, Catalogue, Plan, Price, catalogue, read
from newsroom.billing.models import OutboxCall
from newsroom.core.clock import now
from newsroom.core.money import Money
from newsroom.licensing.rules import Use
from tests.billing.lines import Deaf, Failing

LANGUAGES = ("en", "tr", "ar", "fr")
SMALL = """
default_currency = "eur"
currencies = ["eur"]
[[plans]]
code = "one"
products = ["sports"]
uses = ["read"]
names.en = "One"
descriptions.en = "One."
features.en = ["One"]
prices.month.eur = 100
"""


def test_the_file_is_sold_in_every_language_currency_and_interval():
    sold = catalogue()

    assert [plan.code for plan in sold.on_sale()] == ["reader", "reader_plus"]
    for plan in sold.plans:
        assert set(plan.names) == set(plan.descriptions) == set(plan.features) == set(LANGUAGES)
        assert {(each.interval, each.money.currency) for each in plan.prices} == {
            (interval, currency) for interval in ("month", "year") for currency in sold.currencies
        }
    assert len({each.lookup_key for each in sold.prices()}) == 24


def test_a_plan_is_read_whole():
    sold = read(SMALL)
    price = Price("one_month_eur", "one", "month", Money(100, "eur"))

    assert sold == Catalogue(
        plans=(Plan("one", {"en": "One"}, {"en": "One."}, {"en": ["One"]}, ("sports",), (Use.READ,), True, (price,)),),
        currencies=("eur",),
        default_currency="eur",
        currency_of_language={},
    )
    assert sold.plans[0].clause == "Plan One: read"
    assert (sold.plan("one"), sold.plan("two")) == (sold.plans[0], None)
    assert (sold.price("one_month_eur"), sold.price("one_year_eur")) == (price, None)


def test_names_fall_back_to_english():
    plan = read(SMALL).plans[0]

    assert (plan.name("tr"), plan.description("tr"), plan.feature_list("fr")) == ("One", "One.", ["One"])
    assert (catalogue().plans[0].name("tr"), catalogue().plans[0].name("fr-ca")) == ("Okur", "Lecteur")


def test_the_currency_follows_the_language():
    assert [catalogue().currency_for(each) for each in ("tr", "fr", "ar", "en")] == ["try", "eur", "eur", "eur"]


def test_a_plan_no_longer_sold_is_still_known_to_those_who_have_it():
    retired = read(SMALL.replace('code = "one"', 'code = "one"\nsold = false'))

    assert (retired.on_sale(), list(retired.prices()), retired.price("one_month_eur")) == ([], [], None)
    assert retired.plan("one") is not None


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("default_currency", "x = [", "Invalid|Unclosed|Expected"),
        ('default_currency = "eur"', "", "missing: default_currency"),
        ('default_currency = "eur"', 'default_currency = "usd"', "a currency is named that no price is in"),
        ('code = "one"', "", "missing: code"),
        ('uses = ["read"]', 'uses = ["eat"]', "eat"),
        ('names.en = "One"', 'names.tr = "Bir"', "names are missing in en"),
        ("prices.month.eur", "prices.week.eur", "'week' is not one of month, year"),
        ("prices.month.eur", "prices.month.usd", "needs a price per month"),
        ("= 100", "= 1.5", "1.5 eur is not a whole number"),
        ("= 100", "= true", "True eur is not a whole number"),
        ("= 100", "= 0", "0 eur is not a whole number"),
    ],
)
def test_a_catalogue_that_cannot_be_sold_from_names_the_place(right, wrong, said):
    with pytest.raises(BadCatalogue, match=said):
        read(SMALL.replace(right, wrong))


def test_two_plans_with_one_code_are_refused():
    with pytest.raises(BadCatalogue, match="one code"):
        read(SMALL + SMALL.partition("[[plans]]")[1] + SMALL.partition("[[plans]]")[2])


@pytest.fixture
def both(db_of_both: None) -> None:
    """Our database and the stand-in's; nothing is sold yet."""


def run(**options: bool) -> list[str]:
    out = StringIO()
    call_command("push_catalogue", stdout=out, **options)
    return out.getvalue().splitlines()


def test_a_dry_run_shows_and_changes_nothing_and_a_second_push_finds_nothing(both):
    shown = run(dry_run=True)
    assert shown[0] == "+ product newsroom_reader: Reader"
    assert "+ price reader_plus_year_try: ₺5,990.00" in shown
    assert shown[-1] == "29 to change."
    assert run(dry_run=True) == shown

    assert run()[-1] == "29 changed."

    assert run() == ["Stripe has what the catalogue says."]
    assert set(OutboxCall.objects.values_list("state", flat=True)) == {"done"}


def priced(minor: int, **facts) -> Catalogue:
    plan = replace(catalogue().plans[0], **facts)
    dear = replace(plan.prices[0], money=Money(minor, "eur"))
    return replace(catalogue(), plans=(replace(plan, prices=(dear,)),))


def test_another_amount_is_another_price_and_the_key_moves(both):
    push.push(found=push.differences(priced(990)), at=now())

    found = push.differences(priced(1290))
    assert [each.words.partition(": ")[0].rpartition(" ")[0] for each in found] == ["~ price", "- price"]
    push.push(found=found, at=now())

    assert push.differences(priced(1290)) == []


def test_other_words_change_the_product(both):
    push.push(found=push.differences(priced(990)), at=now())

    found = push.differences(priced(990, names={"en": "Reader Classic"}, descriptions={"en": "More."}))

    assert [each.words for each in found] == ["~ product newsroom_reader: name, description"]
    push.push(found=found, at=now())
    assert push.differences(priced(990, names={"en": "Reader Classic"}, descriptions={"en": "More."})) == []


def test_a_push_that_broke_off_goes_on_where_it_stopped(both, line, monkeypatch):
    monkeypatch.setattr(Deaf, "LOST", {"/v1/prices"})
    line(Deaf)
    with pytest.raises(CommandError, match="APIConnectionError"):
        run()

    assert run()[-1].endswith("changed.")
    assert run() == ["Stripe has what the catalogue says."]


def test_with_stripe_away_the_command_says_so(both, line):
    line(Failing)

    with pytest.raises(CommandError, match="Stripe: APIError 500"):
        run()


def test_the_file_lies_beside_its_reader():
    assert FILE.is_file()
