"""From the desk to a paying reader, and what becomes of one who does not pay."""

import re

from tests.journeys import desk
from tests.journeys.reader import (
    IS_DECLINED_LATER,
    PAYS,
    change_card,
    confirm_by_mail,
    new_address,
    sign_up,
    subscribe,
    subscriber,
)
from tests.journeys.visitor import shows

TIDE_MILLS = desk.Copy(
    headline="Tide mills of Gökova turn again after ninety years",
    summary="Three stone mills on the gulf grind flour by the tide once more. The cooperative that rebuilt them has "
    "sold its first season before the harvest.",
    body=(
        "The first sacks left the quay on Friday, nine weeks late and a tonne short. “A miller waits for the moon, "
        "and a baker does not,” said Nurdan Eğilmez, the millwright who read the drawings of 1931.",
        "Each mill has two sluice gates of chestnut wood. The flood fills the basin, the ebb turns the stones for "
        "five hours, and nobody may open a gate in between.",
        "The next sluicing is due on Thursday at four in the morning.",
    ),
    byline="Selin Aydar",
    dateline="AKYAKA",
    photograph=desk.Photograph(
        "harbour",
        "dawn",
        alt="Cranes and a quay at first light, mirrored in still water",
        caption="The loading quay at slack water, an hour before the gates open.",
        credit="Selin Aydar / Anka Wire",
    ),
)
FOR_SUBSCRIBERS = ("Nurdan Eğilmez", "millwright", "sluice", "chestnut", "slack water", "first light")


def told(source: str) -> list[str]:
    """Which words of the full text stand in there."""
    return [words for words in FOR_SUBSCRIBERS if words.lower() in source.lower()]


def test_one_story_from_the_desk_to_a_paying_reader(visit):
    reporter, editor, reader = visit(), visit(), visit()
    story = _published(reporter, editor)

    _found_by_everybody(reader, story)
    address = new_address("ida")
    _subscribed(reader, address)
    reader.press("Read on")
    assert reader.path == story
    reader.reads("Each mill has two sluice gates of chestnut wood.")
    reader.reads("The loading quay at slack water, an hour before the gates open.")
    reader.keep("full-text")
    assert told(reader.source()) == list(FOR_SUBSCRIBERS)

    _paid_invoice(reader)
    _cancelled(reader)
    reader.open(story)
    reader.reads("chestnut wood")
    visit().advance(days=32)
    reader.open(story)
    reader.reads("Your licence has ended")
    reader.keep("summary-again")
    assert told(reader.source()) == []
    reader.mail(address, "has ended")
    reader.keep("farewell")


def _published(reporter, editor) -> str:
    """The story is written, reviewed and published; answers its public address."""
    reporter.open("/desk/")
    reporter.sign_in(desk.REPORTER)
    reporter.keep("desk")
    desk.write(reporter, TIDE_MILLS)
    reporter.keep("written")
    desk.choose(reporter, "action-submit")
    desk.said(reporter, "submitted")
    editor.open("/desk/")
    editor.sign_in(desk.EDITOR)
    shows(editor.page.get_by_role("region", name="Waiting for review"), TIDE_MILLS.headline)
    editor.keep("waiting")
    editor.press(TIDE_MILLS.headline)
    editor.keep("review")
    desk.choose(editor, "approve")
    desk.said(editor, "is approved and on the wire.")
    editor.keep("published")
    desk.find(editor, TIDE_MILLS.headline)
    return desk.public_address(editor)


def _found_by_everybody(reader, story: str) -> None:
    reader.open("/")
    reader.search("tide mills")
    reader.keep("search")
    assert told(reader.source()) == []
    reader.page.locator(f"main a[href='{story}']").click()
    reader.reads(TIDE_MILLS.summary)
    reader.reads("The full text is for licence holders")
    reader.keep("summary-and-wall")
    sources = ("", "/", "/section/science/", "/feeds/latest.rss", "/feeds/latest.atom", "/search/?q=tide+mills")
    assert [path for path in sources if told(reader.source(path))] == []
    for secret in ("millwright", "chestnut"):
        assert TIDE_MILLS.headline not in reader.source(f"/search/?q={secret}")


def _subscribed(reader, address: str) -> None:
    """From the wall to the page that says thank you."""
    reader.press("See plans and prices")
    reader.keep("pricing")
    reader.press("Subscribe to Reader by the month")
    sign_up(reader, address)
    reader.keep("look-into-your-mail")
    confirm_by_mail(reader, address)
    reader.keep("back-at-the-plan")
    subscribe(reader, PAYS)
    reader.keep("thank-you")


def _paid_invoice(reader) -> None:
    reader.open("/account/invoices/")
    shows(reader.page.get_by_role("row").nth(1), "Paid")
    reader.keep("invoices")
    reader.page.get_by_role("button", name=re.compile("^View invoice")).click()
    reader.page.wait_for_url("**/sandbox/invoice/**")
    reader.reads("Amount due")
    reader.keep("invoice")


def _cancelled(reader) -> None:
    """In two steps."""
    reader.open("/account/subscription/")
    reader.press("Cancel the subscription")
    reader.keep("cancel")
    reader.press("Yes, cancel")
    reader.reads("Your subscription is cancelled. There will be no further payment.")
    reader.keep("cancelled")


def test_a_renewal_that_is_declined_is_grace_until_the_card_is_changed(visit):
    reader, clock = visit(), visit()
    story = desk.seeded_story(reader)
    subscriber(reader, new_address("maud"))
    reader.open("/account/subscription/")
    change_card(reader, IS_DECLINED_LATER)
    reader.reads("Running")
    clock.advance(days=32)

    reader.comes("/account/", reader.text("Your last payment did not go through."))
    reader.keep("grace")
    until = _date(reader)
    reader.open("/account/subscription/")
    reader.reads(f"You read everything until {until}")
    reader.keep("grace-subscription")
    assert _is_full(reader, story)
    reader.open("/account/subscription/")
    change_card(reader, PAYS)
    reader.keep("new-card")
    reader.comes("/account/subscription/", reader.text("Running"))
    reader.keep("running-again")
    assert reader.text("did not go through").count() == 0
    assert _is_full(reader, story)


def _date(reader) -> str:
    """The day the banner names."""
    banner = reader.page.get_by_role("status").filter(has_text="did not go through").inner_text()
    found = re.search(r"until (\d{1,2} \w+ \d{4})", banner)
    assert found, banner
    return found[1]


def _is_full(reader, story: str) -> bool:
    reader.open(story)
    body = reader.page.locator(".story__body p")
    return body.count() > 1 and reader.page.locator(".wall").count() == 0
