"""Products at the desk: written as a form, looked at before they are saved, retired, and deleted while nobody holds them."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group

from newsroom.billing.catalogue import catalogue
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.licensing.terms import BadTerms
from newsroom.newsdesk.actions import ADMINISTRATION, FINANCE, SALES
from newsroom.newsdesk.products import deeds, previews
from newsroom.wire import actions as wire
from newsroom.wire.models import Product
from newsroom.wire.rules import Tier
from tests.factories import (
    DAY,
    HOUR,
    a_desk,
    a_licence,
    a_place,
    a_product,
    a_release,
    a_topic,
    a_user,
    an_organisation,
    staff_of,
)

pytestmark = pytest.mark.django_db


def one_of(group):
    user = a_user(is_staff=True, name="Sam Seller")
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def sales(at_desk):
    return at_desk(one_of(SALES))


@pytest.fixture
def administrator(at_desk):
    return at_desk(one_of(ADMINISTRATION))


def new(client, step="save", **facts):
    values = {"name": "Sport", "code": "sport", "description": "", "step": step} | facts
    return client.post("/desk/products/new/", {name: value for name, value in values.items() if value is not None})


def errors(response):
    return {name: [str(each) for each in found] for name, found in response.context["form"].errors.items()}


def test_a_product_is_written_as_a_form_and_looked_at_before_it_is_saved(sales):
    sport = a_topic()
    football = a_topic("medtop:20001065", "football", parent=sport)
    a_place("istanbul", "Istanbul")
    mine = a_release(now() - HOUR, topics=(football,), headline="Final tonight")
    a_release(now() - 2 * HOUR, topics=(sport,), headline="Kept for subscribers", public_tier=Tier.NOTHING)
    a_release(now() - 31 * DAY, topics=(sport,))
    a_release(now() - HOUR)
    draft = {
        "include_topics": "Sport\n",
        "include_urgency": ["4", "1"],
        "exclude_place": "Germany\nistanbul",
        "exclude_keywords": "Live  Blog",
    }

    seen = new(sales, step="preview", **draft)

    assert not Product.objects.exists()
    preview = seen.context["preview"]
    assert (preview.count.number, preview.public.number) == (2, 1)
    assert [row.headline for row in preview.newest] == [mine.headline, ""]
    assert "Kept for subscribers" not in seen.content.decode()
    assert [(line.dimension, line.include, line.exclude) for line in seen.context["lines"]] == [
        ("Topic, with all below it", "sport", ""),
        ("Urgency", "1, 4", ""),
        ("Place or country", "", "Germany, Istanbul"),
        ("Keyword", "", "live blog"),
    ]

    carried = {}
    for name, value in seen.context["carried"]:
        carried.setdefault(name, []).append(value)
    saved = sales.post("/desk/products/new/", carried | {"step": "save"})

    product = Product.objects.get(code="sport")
    assert saved.url == f"/desk/products/{product.pk}/"
    assert product.versions.get().rule == {
        "include": {"topics": ["medtop:15000000"], "urgency": [1, 4]},
        "exclude": {"place": ["DE", "istanbul"], "keywords": ["live blog"]},
    }
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor_label"))[-3:] == [
        ("product.created", "Sam Seller"),
        ("product.rule", "Sam Seller"),
        ("product.effective", "newsroom"),
    ]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {"everything": ["A rule says what it includes, or that it includes everything."]}),
        ({"include_desk": ["nowhere"]}, {"include_desk": ["There is no “nowhere”."]}),
        ({"include_language": ["xx"]}, {"include_language": ["There is no “xx”."]}),
        ({"include_genre": ["Gossip"]}, {"include_genre": ["There is no “Gossip”."]}),
        ({"include_media": ["smell"]}, {"include_media": ["There is no “smell”."]}),
        ({"include_urgency": ["0"]}, {"include_urgency": ["There is no “0”."]}),
        ({"exclude_urgency": ["10"], "everything": "on"}, {"exclude_urgency": ["There is no “10”."]}),
        ({"include_topics": "spurt"}, {"include_topics": ["There is no “spurt”. Is “sport” meant?"]}),
        ({"include_place": "Atlantis"}, {"include_place": ["There is no “Atlantis”."]}),
        ({"include_keywords": "x" * 61}, {"include_keywords": [f"There is no “{'x' * 61}”."]}),
        (
            {"include_keywords": "Ferry", "exclude_keywords": "FERRY"},
            {"exclude_keywords": ["“ferry” is both included and excluded."]},
        ),
        (
            {"include_topics": "football", "exclude_topics": "sport"},
            {"exclude_topics": ["Every topic that is included lies below one that is excluded."]},
        ),
        (
            {"include_place": "istanbul", "exclude_place": "Türkiye"},
            {"exclude_place": ["Every place that is included lies in a country that is excluded."]},
        ),
        (
            {"include_desk": ["world"], "everything": "on"},
            {"everything": ["Include everything, or name what is included: one of them."]},
        ),
        ({"everything": "on", "code": "taken"}, {"code": ["There is a product with this code already."]}),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_each_fault_of_a_rule_is_named_on_its_field(sales, facts, expected, step):
    a_desk("world")
    a_topic("medtop:20001065", "football", parent=a_topic())
    place = a_place("istanbul", "Istanbul")
    type(place).objects.update(country="TR")
    a_product("taken")

    response = new(sales, step=step, **facts)

    assert errors(response) == expected
    assert Product.objects.count() == 1


def test_a_retired_topic_is_allowed_with_a_warning(sales):
    old = a_topic("medtop:1", "telegraphy")
    type(old).objects.update(retired=True)

    seen = new(sales, step="preview", include_topics="telegraphy")

    assert seen.context["warnings"] == ["The topic “telegraphy” is retired: older stories have it, new ones will not."]


def test_a_name_that_several_topics_have_asks_for_the_code(sales):
    a_topic("medtop:1", "final")
    a_topic("medtop:2", "final")
    response = new(sales, include_topics="final")
    assert errors(response) == {"include_topics": ["“final” may be medtop:1, medtop:2: write the code."]}
    new(sales, include_topics="medtop:2")
    assert Product.objects.get().versions.get().rule == {"include": {"topics": ["medtop:2"]}}


def test_another_rule_is_compared_with_the_former_one(sales):
    product = a_product("one", {"include": {"language": ["en", "tr"]}})
    for language in ("en", "tr", "fr", "fr"):
        a_release(now() - HOUR, language=language, headline=f"In {language}")

    seen = sales.post(
        f"/desk/products/{product.pk}/rule/", {"include_language": ["en", "fr"], "step": "preview", "former": "1"}
    )

    assert [
        (label, part.count.number, [row.headline for row in part.newest]) for label, part in seen.context["changes"]
    ] == [
        ("Gains", 2, ["In fr", "In fr"]),
        ("Loses", 1, ["In tr"]),
    ]
    assert product.versions.count() == 1


def test_who_was_overtaken_looks_at_the_comparison_again(sales):
    product = a_product("one", {"include": {"language": ["en"]}})
    path, draft = f"/desk/products/{product.pk}/rule/", {"include_language": ["fr"], "former": "1", "step": "save"}
    wire.set_rule(product=product, rule={"include": {"language": ["tr"]}}, by=SYSTEM, at=now())

    again = sales.post(path, draft)

    assert ("former", "2") in again.context["carried"]
    assert product.versions.count() == 2
    assert sales.post(path, draft | {"former": "2"}).status_code == 302
    assert product.versions.get(valid_to=None).rule == {"include": {"language": ["fr"]}}


def test_the_draft_comes_back_to_be_changed(sales):
    a_topic()
    back = new(sales, step="change", include_topics="sport", include_language=["en"])
    page = back.content.decode()
    assert back.context["form"]["include_topics"].value() == "sport"
    assert 'value="en" id="id_include_language_0" checked' in page or "checked" in page
    assert not Product.objects.exists()


def test_the_form_of_a_rule_shows_the_rule(sales):
    a_topic()
    a_desk("sport")
    rule = {"include": {"topics": ["medtop:15000000"], "desk": ["sport"]}, "exclude": {"urgency": [9]}}
    product = a_product("one", rule)
    form = sales.get(f"/desk/products/{product.pk}/rule/").context["form"]
    assert {
        name: form[name].value() for name in ("include_topics", "include_desk", "exclude_urgency", "everything")
    } == {
        "include_topics": "medtop:15000000",
        "include_desk": ["sport"],
        "exclude_urgency": [9],
        "everything": False,
    }
    unchanged = {"include_topics": "medtop:15000000", "include_desk": "sport", "exclude_urgency": "9"}
    sales.post(f"/desk/products/{product.pk}/rule/", unchanged | {"former": "1", "step": "save"})
    assert product.versions.get().rule == rule


def test_a_products_page_says_its_rule_its_numbers_who_holds_it_and_how_far_it_is(sales):
    product, paper = a_product("one", {"include": {"language": ["en"]}}), an_organisation("Daily Ferry")
    a_licence(paper, products=[product])
    a_licence(an_organisation("All of it"), products=None)
    a_release(now() - HOUR)
    a_release(now() - HOUR, language="tr")
    wire.set_rule(product=product, rule={"include": {"language": ["tr", "en"]}}, by=SYSTEM, at=now())

    page = sales.get(f"/desk/products/{product.pk}/")

    facts = page.context
    assert (facts["held"].number, facts["recent"].count.number, facts["licence_count"].number) == (1, 2, 1)
    assert [version.licence.holder for version, _state in facts["licences"]] == [paper]
    assert (facts["current"].number, facts["effective"].number, facts["current"].percent) == (2, 1, 0)
    text = " ".join(page.content.decode().split())
    assert "Rights follow version 1 until every release is sorted by version 2." in text
    assert "Turkish, English" in text
    wire.restamp(product=product, at=now())
    assert "A new rule is being applied" not in sales.get(f"/desk/products/{product.pk}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_product_and_with_three(sales, count, django_assert_num_queries):
    assert "No product is sold yet." in sales.get("/desk/products/").content.decode()
    for number in range(count):
        a_product(f"slice-{number}", {"include": {"desk": [a_desk(f"desk-{number}").code]}})
    with django_assert_num_queries(12):
        page = sales.get("/desk/products/")
    assert [lines[0].include for _product, _version, lines in page.context["rows"]] == [
        f"Desk-{number}" for number in range(count)
    ]


def test_counts_end_at_a_number(monkeypatch, sales):
    monkeypatch.setattr(previews, "COUNTED_TO", 2)
    product = a_product()
    for _ in range(3):
        a_release(now() - HOUR)
    assert previews.held(product) == previews.Count(3)
    assert "more than 2" in sales.get(f"/desk/products/{product.pk}/").content.decode()


def test_a_product_that_is_licensed_is_not_deleted_and_can_be_retired(administrator):
    product = a_product()
    user = a_user()
    licence = a_licence(user, products=[product])
    path = f"/desk/products/{product.pk}/"

    refused = administrator.post(f"{path}delete/", {"why": "No longer sold."})
    assert errors(refused) == {
        "__all__": ["1 licence names this product, or once did. Retire it instead: it is then offered no longer."]
    }
    assert administrator.post(f"{path}retire/", {"why": "No longer sold."}).url == path

    product.refresh_from_db()
    assert product.retired_at is not None
    assert list(Product.objects.offered()) == []
    assert licence.versions.get().product_ids == [product.pk]
    assert AuditEntry.objects.get(action="product.retired").why == "No longer sold."
    administrator.post(f"{path}offer/", {"why": "It was missed."})
    assert list(Product.objects.offered()) == [product]


def test_a_product_that_nobody_ever_held_is_deleted_and_cannot_be_licensed_after(administrator):
    product = a_product()
    a_release(now() - HOUR)

    assert administrator.post(f"/desk/products/{product.pk}/delete/", {"why": "A slip."}).url == "/desk/products/"

    assert not Product.objects.exists()
    assert AuditEntry.objects.get(action="product.deleted").facts == {"code": "everything"}
    with pytest.raises(BadTerms, match="deleted") as refusal:
        a_licence(a_user(), products=[product])
    assert refusal.value.field == "products"


def test_a_product_that_a_plan_sells_is_not_deleted(administrator, monkeypatch):
    product, offers = a_product("sport"), catalogue()
    plan = replace(offers.plans[0], products=("sport",))
    monkeypatch.setattr(deeds, "catalogue", lambda: replace(offers, plans=(plan,)))
    refused = administrator.post(f"/desk/products/{product.pk}/delete/", {"why": "A slip."})
    assert errors(refused) == {"__all__": ["A plan sells this product. Retire it instead."]}


def test_a_product_is_renamed_and_keeps_its_code(sales):
    product = a_product("one")
    sales.post(f"/desk/products/{product.pk}/describe/", {"name": "One", "description": "All of one."})
    assert Product.objects.values_list("code", "name", "description").get() == ("one", "One", "All of one.")


@pytest.mark.parametrize("path", ["new/", "{pk}/rule/", "{pk}/describe/", "{pk}/retire/", "{pk}/delete/"])
def test_finance_reads_products_and_changes_none(at_desk, path):
    product = a_product()
    client = at_desk(one_of(FINANCE))
    assert client.get(f"/desk/products/{product.pk}/").status_code == 200
    assert client.get(f"/desk/products/{path.format(pk=product.pk)}").status_code == 302
    assert client.post(f"/desk/products/{path.format(pk=product.pk)}", {"why": "x"}).status_code == 302
    assert Product.objects.offered().count() == 1


def test_sales_retire_and_do_not_delete(sales):
    product = a_product()
    assert sales.post(f"/desk/products/{product.pk}/delete/", {"why": "x"}).status_code == 302
    assert sales.post(f"/desk/products/{product.pk}/melt/", {"why": "x"}).status_code == 404
    assert Product.objects.exists()


def test_the_newsroom_does_not_see_products(at_desk):
    product = a_product()
    response = at_desk(staff_of()).get(f"/desk/products/{product.pk}/", follow=True)
    assert response.redirect_chain == [("/desk/", 302)]
