"""Rules change while stories are published: each release is stamped by every rule that matters, and once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from newsroom.core.audit import SYSTEM
from newsroom.wire import actions as wire
from newsroom.wire import rules, stamping
from newsroom.wire.models import Desk, Product, ProductVersion, Release, Sequence, Stamp
from newsroom.wire.rules import Signal
from newsroom.wire.stamping import facts_of
from tests.factories import NOON, a_desk, a_draft, a_product

RULES = [{"include": {"language": [language]}} for language in ("en", "tr", "fr")] + [{"include": "everything"}]


def alone(deed, start):
    """The deed in a thread with a connection of its own, begun together with the others."""
    try:
        start.wait(20)
        return deed()
    finally:
        connections.close_all()


def publish(who: int, count: int) -> None:
    desk = Desk.objects.get()
    for number in range(count):
        draft = a_draft(uri=f"urn:{who}:{number % 5}", desk=desk, language=("en", "tr", "fr")[number % 3])
        signal = Signal.NEW if number < 5 else Signal.UPDATE
        wire.release(draft=draft, signal=signal, by=SYSTEM, at=NOON)


def change(product: Product) -> None:
    """Every rule in its turn, with some of the stamping between."""
    for rule in RULES:
        wire.set_rule(product=product, rule=rule, by=SYSTEM, at=NOON)
        stamping.advance(product_id=product.pk, at=NOON)


def work(product: Product) -> None:
    for _round in range(40):
        stamping.advance(product_id=product.pk, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_no_release_is_missed_while_rules_change_and_two_workers_stamp(monkeypatch):
    monkeypatch.setattr(stamping, "RANGE", 3)
    Sequence.objects.update_or_create(pk=1, defaults={"value": 0})
    a_desk()
    products = [a_product(code, RULES[0]) for code in ("one", "two")]
    deeds = [lambda: publish(1, 20), lambda: publish(2, 20)]
    for product in products:
        deeds += [lambda product=product: change(product), lambda product=product: work(product)]
    start = Barrier(len(deeds))
    with ThreadPoolExecutor(len(deeds)) as threads:
        for each in [threads.submit(alone, deed, start) for deed in deeds]:
            each.result(60)
    for product in products:
        wire.restamp(product=product, at=NOON)

    heads = list(Release.objects.heads().select_related("desk", "place"))
    assert len(heads) == 10
    for product in products:
        version = ProductVersion.objects.get(product=product, valid_to=None)
        assert (version.rule, version.effective, version.remaining) == (RULES[-1], True, 0)
        expected = [made.pk for made in heads if rules.matches(version.rule, facts_of(made))]
        stamped = Stamp.objects.filter(version=version).values_list("release", flat=True)
        assert sorted(stamped) == sorted(expected)
    assert not Stamp.objects.exclude(version__valid_to=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_a_product_to_the_first():
    Sequence.objects.update_or_create(pk=1, defaults={"value": 0})
    product = a_product("one", RULES[0])
    wire.release(draft=a_draft(), signal=Signal.NEW, by=SYSTEM, at=NOON)
    wire.set_rule(product=product, rule=RULES[1], by=SYSTEM, at=NOON)

    def second() -> bool:
        try:
            return stamping.advance(product_id=product.pk, at=NOON)
        finally:
            connections.close_all()

    with connection.cursor() as cursor, ThreadPoolExecutor(1) as thread:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM wire_product WHERE id = %s FOR NO KEY UPDATE", [product.pk])
        answer = thread.submit(second).result(20)
        cursor.execute("ROLLBACK")
    assert answer is False
    assert stamping.advance(product_id=product.pk, at=NOON) is True
