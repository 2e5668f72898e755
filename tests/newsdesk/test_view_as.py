"""Staff see the site as a reader does: read only, with a banner, a time limit and a line in the log."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from newsroom.accounts import viewing
from newsroom.core.clock import now
from newsroom.core.models import AuditEntry
from newsroom.licensing.models import Usage
from newsroom.newsdesk.actions import FINANCE, SALES
from tests.factories import DAY, a_licence, a_release, a_user

pytestmark = pytest.mark.django_db
TEXT = "Crowds cheered on the quay."


def one_of(group: str):
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def reader():
    reader = a_user(name="Rana Reader")
    a_licence(reader, starts_at=now() - DAY, ends_at=now() + DAY)
    return reader


@pytest.fixture
def story():
    return a_release(at=now() - DAY).item.get_absolute_url()


@pytest.fixture
def looking(at_desk, reader):
    """Sales, with the reader's eyes."""
    browser = at_desk(one_of(SALES))
    assert browser.post(f"/desk/people/{reader.pk}/view-as/", {"why": "She cannot read."}).url == "/"
    return browser


def test_staff_see_what_the_reader_sees_with_a_banner_and_it_counts_for_nobody(looking, story):
    page = looking.get(story)
    assert TEXT in page.content.decode()
    assert "Rana Reader" in page.content.decode()
    assert "You can change nothing." in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    assert not Usage.objects.exists()


def test_what_was_seen_with_borrowed_eyes_is_kept_for_no_colleague(looking, story, at_desk):
    looking.get(story)
    colleague = at_desk(one_of(SALES)).get(story).content.decode()
    assert TEXT not in colleague
    assert "Rana Reader" not in colleague


def test_nothing_is_done_in_their_name(looking):
    response = looking.post("/language/", {"language": "tr"})
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()


def test_at_the_desk_and_on_account_pages_staff_stay_themselves(looking, reader):
    assert "Rana Reader" not in looking.get("/account/").content.decode()
    assert looking.get("/desk/customers/").status_code == 200


def test_it_ends_by_the_button(looking, story, reader):
    assert looking.post("/desk/view-as/stop/").url == f"/desk/people/{reader.pk}/"
    assert TEXT not in looking.get(story).content.decode()
    assert list(AuditEntry.objects.filter(action__startswith="view_as").values_list("action", "why")) == [
        ("view_as.began", "She cannot read."),
        ("view_as.ended", ""),
    ]


def test_it_ends_by_the_clock(looking, story, monkeypatch):
    later = now() + viewing.LONGEST
    monkeypatch.setattr(viewing, "now", lambda: later - timedelta(seconds=1))
    assert TEXT in looking.get(story).content.decode()
    monkeypatch.setattr(viewing, "now", lambda: later)
    assert TEXT not in looking.get(story).content.decode()


def test_it_ends_with_the_right_to_it(looking, story):
    Group.objects.get(name=SALES).permissions.clear()
    assert TEXT not in looking.get(story).content.decode()


def test_staff_and_closed_accounts_are_not_viewed_as(at_desk):
    for other in (a_user(is_staff=True), a_user(is_active=False)):
        response = at_desk(one_of(SALES)).post(f"/desk/people/{other.pk}/view-as/", {"why": "Curious."})
        assert response.context["form"].non_field_errors()


def test_a_reason_is_needed_and_so_is_the_right(at_desk, reader):
    address = f"/desk/people/{reader.pk}/view-as/"
    assert at_desk(one_of(SALES)).post(address, {"why": ""}).context["form"].errors["why"]
    assert at_desk(one_of(FINANCE)).post(address, {"why": "Curious."}).url == "/desk/"


def test_each_page_seen_so_is_in_the_log(looking, story, reader, caplog):
    caplog.set_level("INFO")
    looking.get(story)
    assert any(
        "viewed_as" in record.getMessage() and str(reader.pk) in record.getMessage() for record in caplog.records
    )
