"""The words of licences, and what a use is counted by. Pure."""

import hashlib
from datetime import UTC, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Use(models.TextChoices):
    """What is done with a story."""

    READ = "read", _("read")
    DOWNLOAD = "download", _("download")
    PUBLISH = "publish", _("publish")
    SYNDICATE = "syndicate", _("syndicate")
    RECEIVE = "receive", _("receive by machine")
    AI_TRAIN = "ai-train", _("train models")
    AI_INPUT = "ai-input", _("feed to models")
    AI_INDEX = "ai-index", _("index for models")


class Source(models.TextChoices):
    """Where a licence comes from."""

    CONTRACT = "contract", _("contract")
    PLAN = "plan", _("plan")
    COMP = "comp", _("complimentary")
    STAFF = "staff", _("staff")


def usage_key(
    *, licence_id: int | None, user_id: int | None, release_id: int, use: str, channel: str, at: datetime
) -> str:
    """What makes a use one: the same person, release, use and channel on one day (UTC) under one licence."""
    parts = (licence_id, user_id, release_id, use, channel, at.astimezone(UTC).strftime("%Y-%m-%d"))
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
