from contextlib import ExitStack

import pytest


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_small(monkeypatch):
    from benchmarks import money

    for n, v in (("WAITING", 200), ("ACCEPTED", 20), ("DRAINED", 5), ("SUBSCRIPTIONS", 220), ("ODD", 4)):
        monkeypatch.setattr(money, n, v)
    with ExitStack() as s:
        for f in money.measure("money", s):
            print(f)
    from newsroom.billing.models import Reconcile

    print(Reconcile.objects.values())
