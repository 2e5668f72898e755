import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from newsroom.core.models import AuditEntry
from newsroom.wire.models import Item, Release, Sequence, Stamp, VaultEntry
from tests.factories import a_desk, a_product

PROCESSES, STORIES = 8, 500
ROOT = Path(__file__).resolve().parent.parent.parent


def url_of_this_database() -> str:
    facts = connection.settings_dict
    where = {"host": facts["HOST"]} | ({"port": str(facts["PORT"])} if facts["PORT"] else {})
    return f"postgresql://{facts['USER']}:{facts['PASSWORD']}@/{facts['NAME']}?{urlencode(where)}"


def start(who: int, count: int) -> "subprocess.Popen[str]":
    environment = {
        "PATH": os.defpath,
        "DJANGO_SETTINGS_MODULE": "newsroom.config.settings",
        "NEWSROOM_MODE": "test",
        "DATABASE_URL": url_of_this_database(),
        "REDIS_URL": os.environ["REDIS_URL"],
        "DATA_ROOT": str(Path(settings.MEDIA_ROOT).parent),
    }
    command = [sys.executable, "-m", "tests.wire.publishing", str(who), str(count)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_eight_processes_publish_at_once_without_a_gap_and_in_commit_order():
    Sequence.objects.update_or_create(pk=1, defaults={"value": 0})
    a_desk()
    a_product()
    shares = [STORIES // PROCESSES + (n < STORIES % PROCESSES) for n in range(PROCESSES)]
    publishers = [start(who, share) for who, share in enumerate(shares)]
    assert {each.stdout.readline() for each in publishers} == {"ready\n"}
    for each in publishers:
        each.stdin.write("go\n")
        each.stdin.flush()

    snapshots = []
    while any(each.poll() is None for each in publishers):
        snapshots.append(sorted(Release.objects.values_list("sequence", flat=True)))
    for each in publishers:
        each.communicate()
    assert [each.returncode for each in publishers] == [0] * PROCESSES

    # Whoever looks at any moment sees 1..n: numbers become visible in their order, which is the order of commits.
    assert all(snapshot == list(range(1, len(snapshot) + 1)) for snapshot in snapshots)
    assert len({len(snapshot) for snapshot in snapshots}) > 10
    assert sorted(Release.objects.values_list("sequence", flat=True)) == list(range(1, STORIES + 1))
    counts = [model.objects.count() for model in (Item, VaultEntry, Stamp)]
    assert counts == [STORIES] * 3
    assert Item.objects.filter(head=None).count() == 0
    assert AuditEntry.objects.filter(action="item.new").count() == STORIES
    assert VaultEntry.objects.filter(body_text="").count() == 0
