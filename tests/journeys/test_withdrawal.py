"""A contract is withdrawn by somebody who is not signed in: two steps, a receipt, the money, the summary."""

import re

from tests.journeys import desk
from tests.journeys.reader import new_address, subscriber
from tests.journeys.visitor import shows


def test_a_contract_is_withdrawn_without_signing_in(visit):
    reader, stranger = visit(), visit()
    story, address = desk.seeded_story(reader), new_address("wilma")
    subscriber(reader, address)
    reader.open(story)
    assert reader.page.locator(".wall").count() == 0

    _declared(stranger, address)
    _confirmed(stranger, address)

    reader.comes(story, reader.page.locator(".wall"))
    reader.keep("summary-again")
    reader.open("/account/subscription/")
    reader.reads("Ended")
    reader.comes("/account/invoices/", reader.text("went back"))
    shows(reader.page.get_by_role("row").nth(1), "€9.90 went back")
    reader.keep("refund")
    reader.mail(address, "goes back to you")
    reader.keep("mail-of-the-refund")


def _declared(stranger, address: str) -> None:
    """Two steps, from the foot of the front page."""
    stranger.open("/")
    stranger.page.locator("footer").get_by_role("link", name="Withdraw from contract here").click()
    stranger.keep("first-step")
    stranger.fill(name="Wilma Falk", email=address, contract="Reader")
    stranger.press("Continue")
    stranger.reads(address)
    stranger.keep("second-step")
    stranger.press("Confirm withdrawal")
    stranger.reads("We have received your withdrawal")
    stranger.keep("received")


def _confirmed(stranger, address: str) -> None:
    """By the link of the receipt."""
    stranger.mail(address, "We have received your withdrawal")
    stranger.reads("Wilma Falk")
    stranger.keep("receipt")
    stranger.page.locator("main a[href*='/declaration/']").first.click()
    stranger.page.wait_for_url(re.compile("/declaration/"))
    stranger.reads("Was it you who withdrew?")
    stranger.keep("was-it-you")
    stranger.press("Yes, it was me")
    stranger.reads("Your contract has ended")
    stranger.reads("€9.90 goes back the way you paid.")
    stranger.keep("withdrawn")
    stranger.mail(address, "Your contract is withdrawn")
    stranger.keep("mail-withdrawn")
