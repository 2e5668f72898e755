"""A changed rule: stamped beside the former one, in pieces, and followed in one step."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.access.decide import decide, find
from newsroom.access.querysets import readable
from newsroom.accounts.readers import reader_of
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing.rules import Use
from newsroom.wire import actions as wire
from newsroom.wire import rules, stamping, tasks
from newsroom.wire.models import Place, ProductVersion, Release, Stamp, Topic
from newsroom.wire.rules import Signal, Tier
from newsroom.wire.stamping import facts_of, products_at
from tests.factories import (
    HOUR,
    NOON,
    a_desk,
    a_draft,
    a_licence,
    a_picture,
    a_place,
    a_product,
    a_release,
    a_topic,
    a_user,
)

pytestmark = pytest.mark.django_db
ENGLISH, TURKISH, ALL = {"include": {"language": ["en"]}}, {"include": {"language": ["tr"]}}, {"include": "everything"}


@pytest.fixture(autouse=True)
def _short_ranges(monkeypatch):
    """Two releases at a time, so that there is a middle to be killed in."""
    monkeypatch.setattr(stamping, "RANGE", 2)


def advance(product, at=NOON):
    return stamping.advance(product_id=product.pk, at=at)


def held(product):
    """What rights to this product open: by the judge, and by the list."""
    user = a_user()
    a_licence(user, products=[product])
    reader = reader_of(user, NOON)
    every = Release.objects.heads()
    one = {r.pk for r in every if decide(reader=reader, item=find(slug=r.item.slug), use=Use.READ, at=NOON).allowed}
    many = readable(Release.objects.all(), reader=reader, use=Use.READ, at=NOON, tier=Tier.FULL)
    assert one == set(many.values_list("pk", flat=True))
    return one


def five_of_each():
    return [a_release(language=language).pk for language in ("en", "tr") * 5]


def test_rights_follow_the_former_rule_until_the_new_one_is_stamped_to_the_end():
    product, pks = a_product("one", ENGLISH), five_of_each()
    english, turkish = set(pks[::2]), set(pks[1::2])
    version = wire.set_rule(product=product, rule=TURKISH, by=SYSTEM, at=NOON)

    seen = []
    while version.effective_from is None:
        seen.append((held(product), version.percent, version.stamping))
        assert advance(product, NOON + HOUR)
        version.refresh_from_db()

    assert [each[0] for each in seen] == [english] * len(seen)
    assert [each[1:] for each in seen[:2]] == [(0, True), (100 * 2 // version.goal, True)]
    assert held(product) == turkish
    assert list(product.versions.order_by("number").values_list("number", "effective_from", "effective_to")) == [
        (1, NOON - 2400 * HOUR, NOON + HOUR),
        (2, NOON + HOUR, None),
    ]
    assert AuditEntry.objects.filter(action="product.effective").latest("pk").facts == {"number": 2}


def test_what_is_published_meanwhile_is_stamped_by_both_rules():
    product, pks = a_product("one", ENGLISH), five_of_each()
    version = wire.set_rule(product=product, rule=ALL, by=SYSTEM, at=NOON)
    advance(product)
    both, new = a_release(language="en"), a_release(language="tr")

    assert sorted(Stamp.objects.filter(release__in=[both, new]).values_list("release", "version__number")) == [
        (both.pk, 1),
        (both.pk, 2),
        (new.pk, 2),
    ]
    assert held(product) == {*pks[::2], both.pk}
    wire.restamp(product=product, at=NOON)
    assert held(product) == {*pks, both.pk, new.pk}
    assert set(Stamp.objects.values_list("version", flat=True)) == {version.pk}


def test_a_release_that_was_replaced_while_stamping_is_in_no_product():
    product = a_product("one", ENGLISH)
    draft = a_draft()
    wire.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=NOON - HOUR)
    five_of_each()
    version = wire.set_rule(product=product, rule=ALL, by=SYSTEM, at=NOON)
    stamping._stamp_range(version, 0, version.goal)
    last = wire.release(draft=draft, signal=Signal.UPDATE, by=SYSTEM, at=NOON)
    wire.restamp(product=product, at=NOON)

    assert list(Stamp.objects.filter(release__item=last.item).values_list("release", flat=True)) == [last.pk]


def test_a_worker_that_is_killed_in_the_middle_loses_one_range_and_the_sweep_goes_on(monkeypatch):
    product, pks = a_product("one", ENGLISH), five_of_each()
    version = wire.set_rule(product=product, rule=TURKISH, by=SYSTEM, at=NOON)
    advance(product)
    original = stamping._stamp_range

    def killed(*args):
        original(*args)
        raise SystemExit(9)

    monkeypatch.setattr(stamping, "_stamp_range", killed)
    before = version.goal - 2
    with pytest.raises(SystemExit):
        advance(product)
    monkeypatch.setattr(stamping, "_stamp_range", original)
    version.refresh_from_db()
    assert version.remaining == before
    assert held(product) == set(pks[::2])

    asked = []
    monkeypatch.setattr(tasks, "enqueue", lambda name, **ids: asked.append((name, ids)))
    tasks.sweep_stamps()
    assert asked == [("wire.restamp", {"product_id": product.pk})]
    tasks.restamp(product_id=product.pk)
    assert held(product) == set(pks[1::2])
    assert advance(product) is False


def test_a_rule_changed_twice_while_stamping_is_never_followed_in_between():
    product, pks = a_product("one", ENGLISH), five_of_each()
    wire.set_rule(product=product, rule=TURKISH, by=SYSTEM, at=NOON)
    advance(product)
    wire.set_rule(product=product, rule=ALL, by=SYSTEM, at=NOON + HOUR)
    assert held(product) == set(pks[::2])

    wire.restamp(product=product, at=NOON + HOUR)

    assert held(product) == set(pks)
    assert list(product.versions.order_by("number").values_list("number", "valid_to", "effective_from")) == [
        (1, NOON, NOON - 2400 * HOUR),
        (2, NOON + HOUR, None),
        (3, None, NOON + HOUR),
    ]
    assert set(Stamp.objects.values_list("version__number", flat=True)) == {3}


def test_leftovers_of_a_former_rule_are_found_by_the_sweep(monkeypatch):
    product, _pks = a_product("one", ENGLISH), five_of_each()
    version = wire.set_rule(product=product, rule=ALL, by=SYSTEM, at=NOON)
    while version.effective_from is None:
        advance(product)
        version.refresh_from_db()
    asked = []
    monkeypatch.setattr(tasks, "enqueue", lambda name, **ids: asked.append(ids["product_id"]))
    tasks.sweep_stamps()
    assert asked == [product.pk]
    while advance(product):
        pass
    tasks.sweep_stamps()
    assert asked == [product.pk]
    assert set(Stamp.objects.values_list("version", flat=True)) == {version.pk}


def test_the_first_rule_of_a_product_is_followed_at_once_as_far_as_it_has_come():
    pks = five_of_each()
    product = a_product("one", ALL)
    assert held(product) == set()
    while advance(product):
        pass
    assert held(product) == set(pks)


def test_the_same_rule_again_makes_no_version_and_no_work():
    product = a_product("one", ENGLISH)
    five_of_each()
    assert wire.set_rule(product=product, rule=dict(ENGLISH), by=SYSTEM, at=NOON).number == 1
    assert advance(product) is False


def test_the_rule_in_force_and_the_rule_followed_on_a_past_day_can_be_asked():
    product, pks = a_product("one", ENGLISH), five_of_each()
    wire.set_rule(product=product, rule=TURKISH, by=SYSTEM, at=NOON)
    wire.restamp(product=product, at=NOON + 2 * HOUR)
    english = Release.objects.select_related("desk", "place").get(pk=pks[0])

    def rules_at(at):
        valid, effective = ProductVersion.objects.valid(at).get(), ProductVersion.objects.effective(at).get()
        return valid.number, effective.number, products_at(english, at)

    mine = frozenset({product.pk})
    assert rules_at(NOON - HOUR) == (1, 1, mine)
    assert rules_at(NOON) == (2, 1, mine)
    assert rules_at(NOON + 2 * HOUR) == (2, 2, frozenset())


def test_finding_a_story_with_its_products_stays_one_query(django_assert_num_queries):
    product = a_product("one", ALL)
    made = a_release()
    with django_assert_num_queries(1):
        found = find(slug=made.item.slug)
    assert found.product_ids == [product.pk]


values = {
    "language": st.sampled_from(["en", "tr", "fr"]),
    "desk": st.sampled_from(["world", "sport"]),
    "topics": st.sampled_from(["t:sport", "t:football", "t:war"]),
    "genre": st.sampled_from(["", "Current"]).filter(bool),
    "urgency": st.integers(1, 9),
    "place": st.sampled_from(["istanbul", "TR", "DE", "nowhere"]),
    "media": st.sampled_from(["text", "picture"]),
    "keywords": st.sampled_from(["Ferry", "FERRY", "straße", "STRASSE", "ışık"]),
}
sides = st.dictionaries(st.sampled_from(sorted(values)), st.none(), max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: st.lists(values[name], min_size=1, max_size=2) for name in names})
)
some_rules = st.fixed_dictionaries({"include": st.one_of(st.just("everything"), sides), "exclude": sides})


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=some_rules)
def test_a_rule_says_the_same_in_sql_and_in_words_of_python(rule):
    if not Release.objects.exists():
        some_stories()
    every = Release.objects.select_related("desk", "place").all()
    expected = {made.pk for made in every if rules.matches(rule, facts_of(made))}
    assert set(Release.objects.within(rule).values_list("pk", flat=True)) == expected


def some_stories():
    sport = a_topic("t:sport", "sport")
    football: Topic = a_topic("t:football", "football", parent=sport)
    istanbul: Place = a_place("istanbul", "Istanbul")
    Place.objects.filter(pk=istanbul.pk).update(country="TR")
    istanbul.refresh_from_db()
    a_release(language="en", topics=(football,), place=istanbul, keywords=("ferry", "Straße"), urgency=1)
    a_release(language="tr", desk=a_desk("sport"), topics=(sport,), genre="Current", keywords=("ışık",))
    a_release(language="fr", urgency=9, place=a_place("DE", "Germany"), pictures=(a_picture(),))
    a_release(language="en", genre="Current", keywords=("STRASSE", "  strasse "))
