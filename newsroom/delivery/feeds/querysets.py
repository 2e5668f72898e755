"""Questions a feed asks: live, public releases, newest first."""

from datetime import datetime

from newsroom.wire.models import Release, Topic
from newsroom.wire.querysets import ReleaseQuerySet

LENGTH = 50


def shown(at: datetime) -> ReleaseQuerySet:
    """What everybody may see, with what a summary needs."""
    return Release.objects.public(at).select_related("item", "desk", "place").defer("public_vector").newest_first()


def topic_at(address: str) -> Topic | None:
    """The topic whose code is written in the address, `medtop-15000000` for `medtop:15000000`."""
    return Topic.objects.filter(code__in=[address, address.replace("-", ":", 1)]).first()
