"""What the database answers and what the judgement answers are one."""

from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.access.decide import find
from newsroom.access.querysets import readable
from newsroom.access.rules import Manner, judge
from newsroom.access.terms import rights_of, terms_of
from newsroom.accounts.readers import Reader, reader_of
from newsroom.licensing.models import Licence, LicenceVersion, Seat
from newsroom.licensing.rules import Source
from newsroom.licensing.terms import columns
from newsroom.wire.models import Item, Product, ProductVersion, Release, Stamp
from newsroom.wire.rules import Tier
from tests.access import strategies as any_
from tests.factories import a_desk, a_member, an_organisation

pytestmark = pytest.mark.django_db
numbers = count(1_000_000)
LONG_AGO = any_.DAYS[0].replace(year=2020)


class World:
    """Stories with these rights, and a member of an organisation that holds these licences."""

    def __init__(self, licences, rights):
        self.organisation = an_organisation()
        self.user = a_member(self.organisation)
        self.user.memberships.update(valid_from=LONG_AGO)
        self.products = {number: self._product(number) for number in any_.PRODUCTS}
        self.items = {number: self._item() for number in any_.ITEMS}
        self.slugs = [self._story(each) for each in rights]
        for each in licences:
            self._licence(each)

    def _product(self, number):
        product = Product.objects.create(code=f"p{next(numbers)}", name="P")
        ProductVersion.objects.create(product=product, number=1, rule={}, valid_from=LONG_AGO)
        return product

    def _item(self):
        number = next(numbers)
        return Item.objects.create(uri=f"urn:{number}", slug=f"s{number}")

    def _story(self, rights):
        item = self.items.get(rights.item_id)
        if item is None or item.head is not None:
            item = self._item()
        head = Release.objects.create(
            item=item,
            sequence=next(numbers),
            version=1,
            signal=rights.signal,
            public_tier=rights.public_tier,
            headline="H",
            language="en",
            desk=a_desk(),
            embargo_until=rights.embargo_until,
            released_at=rights.shown_at,
            shown_at=rights.shown_at,
            territories_out=sorted(rights.territories_out),
            channels_out=sorted(rights.channels_out),
            uses_out=sorted(rights.uses_out),
            archive=rights.archive,
            expires_at=rights.expires_at,
        )
        item.head, item.signal = head, rights.signal
        item.save()
        Stamp.objects.bulk_create(
            Stamp(
                product=self.products[each],
                release=head,
                version=self.products[each].versions.get(),
                shown_at=head.shown_at,
            )
            for each in rights.products
        )
        return item.slug

    def _licence(self, terms):
        licence = Licence.objects.create(
            source=Source.CONTRACT, source_ref=str(next(numbers)), organisation=self.organisation, created_at=LONG_AGO
        )
        LicenceVersion.objects.create(
            licence=licence,
            number=1,
            starts_at=terms.starts_at,
            ends_at=terms.ends_at,
            suspended=terms.suspended,
            uses=sorted(terms.uses),
            all_products=terms.products is None,
            product_ids=sorted(self.products[each].pk for each in terms.products or ()),
            item_ids=sorted(self.items[each].pk for each in terms.items),
            clause=terms.clause,
            recorded_from=LONG_AGO,
            **columns(terms.limits),
        )
        if terms.seated and terms.limits.seats is not None:
            Seat.objects.create(licence=licence, user=self.user, number=1, valid_from=LONG_AGO)


@st.composite
def worlds(draw):
    licences, rights = draw(any_.books(most=4)), draw(st.lists(any_.stories, min_size=3, max_size=6))
    asked = [
        (draw(any_.uses), draw(any_.near(licences, draw(st.sampled_from(rights)))), draw(any_.manners))
        for _ in range(6)
    ]
    return licences, rights, asked, draw(st.sampled_from(["", "TR"]))


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds())
def test_readable_finds_just_what_judge_allows(world):
    licences, rights, questions, country = world
    with transaction.atomic():
        made = World(licences, rights)
        heads = Release.objects.filter(item__slug__in=made.slugs)
        for use, at, manner in questions:
            held = reader_of(made.user, at)
            reader = Reader(held.user_id, held.organisation_ids, country=country)
            terms = terms_of(reader, at)
            place = Manner(manner.channel, manner.territory or country, manner.format, manner.rendition)
            answers = {slug: judge(terms, rights_of(find(slug=slug)), use, at, place) for slug in made.slugs}
            for tier in (Tier.SUMMARY, Tier.FULL):
                found = readable(heads, reader=reader, use=use, at=at, tier=tier, manner=manner)
                allowed = {slug for slug, answer in answers.items() if answer.tier >= tier}
                assert set(found.values_list("item__slug", flat=True)) == allowed, (use, at, manner, answers)
        transaction.set_rollback(True)
