"""Handing the copy of their data to a person: a signed link by mail, good for seven days."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from newsroom.core import mail
from newsroom.core.audit import Actor
from newsroom.licensing.erasure import known, persons
from newsroom.licensing.models import PersonRequest


@transaction.atomic
def send_link(*, request: PersonRequest, by: Actor, at: datetime) -> None:
    """Mail the link; the request is answered. The copy itself is made when it is fetched, and kept nowhere."""
    persons.answered(request=request, by=by, at=at)
    mail.post(
        key=f"personal-data:{request.pk}:{at:%Y%m%d%H}",
        to=request.user.email,
        kind="personal_data",
        locale=request.user.locale,
        context={"name": request.user.name, "url": f"{settings.BASE_URL}/account/data/{known.token_of(request)}/"},
        at=at,
    )
