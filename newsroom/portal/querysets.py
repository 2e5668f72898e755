"""Questions the public pages ask: always of live, public releases, and answered with summaries by `access`."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from newsroom.access.querysets import readable
from newsroom.access.rules import Decision
from newsroom.accounts.models import Membership, Organisation
from newsroom.accounts.readers import Reader
from newsroom.billing.catalogue import catalogue
from newsroom.billing.purchases import checks
from newsroom.billing.purchases.errors import NotSold
from newsroom.licensing.rules import Use
from newsroom.portal.cursors import Place
from newsroom.portal.rules import Whom
from newsroom.wire.models import Desk, Item, Product, PublicPicture, Release, Topic
from newsroom.wire.querysets import ReleaseQuerySet
from newsroom.wire.rules import Tier

PER_PAGE = 20
ADMINS_NAMED = 3


def shown(at: datetime) -> ReleaseQuerySet:
    """What the website shows to everybody, newest first, with what a summary needs."""
    return Release.objects.public(at).select_related("item", "desk", "place").defer("public_vector").newest_first()


def newest(at: datetime, *, language: str, most: int) -> list[Release]:
    """The newest in one language, or in all where that language has none."""
    found = list(shown(at).filter(language=language)[:most])
    return found or list(shown(at)[:most])


def newest_of_desks(desks: list[Desk], at: datetime, *, language: str, besides: list[int], most: int) -> list[Release]:
    """The newest `most` of each desk in one language, without the releases in `besides`. One query."""
    if not desks:
        return []
    public = Release.objects.public(at).filter(language=language).exclude(pk__in=besides).newest_first().values("pk")
    first, *others = (public.filter(desk=desk)[:most] for desk in desks)
    return list(shown(at).filter(pk__in=first.union(*others, all=True) if others else first))


def page_of(found: ReleaseQuerySet, *, before: Place | None) -> tuple[list[Release], Place | None]:
    """A page of stories and the place where the older ones begin, or None at the end."""
    if before is not None:
        found = found.before(*before)
    rows = list(found[: PER_PAGE + 1])
    page = rows[:PER_PAGE]
    return page, (page[-1].shown_at, page[-1].pk) if len(rows) > PER_PAGE else None


def related(release_id: int, *, desk_code: str, language: str, at: datetime) -> list[Release]:
    """The newest others of the desk in the same language."""
    return list(shown(at).filter(desk__code=desk_code, language=language).exclude(pk=release_id)[:5])


def topic_at(address: str) -> Topic | None:
    """The topic whose code is written in the address, `medtop-15000000` for `medtop:15000000`."""
    return Topic.objects.filter(code__in=[address, address.replace("-", ":", 1)]).first()


def picture(token: str) -> PublicPicture | None:
    """The picture with this token, with its release and item. Whether it may be shown is asked by the door."""
    return PublicPicture.objects.select_related("release__item").filter(token=token, release__is_head=True).first()


def titles(item_ids: list[int], *, reader: Reader, at: datetime) -> dict[int, str]:
    """The headlines of those of these stories that this reader may at least see. Two queries."""
    heads = Release.objects.filter(item_id__in=item_ids, is_head=True)
    seen = readable(heads, reader=reader, use=Use.READ, at=at, tier=Tier.SUMMARY)
    return dict(seen.values_list("item_id", "headline"))


@dataclass(frozen=True, slots=True)
class Listed:
    """A story as a sitemap names it."""

    path: str
    headline: str
    language: str
    shown_at: datetime
    released_at: datetime


def days(at: datetime) -> list[date]:
    """Each day, in the desk's zone, on which a story that is public now came out; newest first."""
    found = Release.objects.public(at).datetimes("shown_at", "day", order="DESC")
    return [moment.date() for moment in found]


def of_day(day: date, at: datetime) -> ReleaseQuerySet:
    """What came out on that day of the desk's zone and is public now."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return shown(at).filter(shown_at__gte=begin, shown_at__lt=end)


def since(begin: datetime, at: datetime) -> ReleaseQuerySet:
    """What came out after `begin` and is public now."""
    return shown(at).filter(shown_at__gt=begin)


def listed(found: ReleaseQuerySet) -> list[Listed]:
    """The few facts a sitemap names. One query."""
    rows = found.select_related(None).values_list("item__slug", "headline", "language", "shown_at", "released_at")
    return [Listed(f"/story/{row[0]}/", *row[1:]) for row in rows]


def whom(decision: Decision, reader: Reader, at: datetime) -> Whom | None:
    """The organisation whose licence refused, with those who look after it: for its members, and for nobody else."""
    if decision.licence_id is None or not reader.organisation_ids:
        return None
    mine = Organisation.objects.filter(pk__in=reader.organisation_ids, licences=decision.licence_id).first()
    if mine is None:
        return None
    roles = (Membership.Role.OWNER, Membership.Role.ADMIN)
    held = Membership.objects.valid(at).filter(organisation=mine, role__in=roles, user__is_active=True)
    people = held.select_related("user").order_by("pk")[:ADMINS_NAMED]
    return Whom(mine.name, tuple(str(each.user) for each in people))


def on_sale(item: Item, use: Use) -> bool:
    """Whether a plan that can be bought would open this story for this use. No query while a plan covers everything."""
    plans = [plan for plan in catalogue().on_sale() if use in plan.uses]
    if any(plan.products is None for plan in plans):
        return True
    codes = {code for plan in plans for code in plan.products or ()}
    held = getattr(item, "product_ids", ())
    return bool(codes) and bool(held) and Product.objects.filter(pk__in=held, code__in=codes).exists()


def sold_singly(item: Item, at: datetime) -> bool:
    """Whether this one story can be bought by itself now. No query."""
    try:
        head = checks.on_sale(item, at)
    except NotSold:
        return False
    return Use.READ not in head.uses_out
