"""A customer of the agency, from the rate card to the day after the contract. Last: it moves the demo's clock by months."""

import re

from tests.journeys import customer as desk
from tests.journeys.customer import FINANCE, SALES
from tests.journeys.reader import new_address
from tests.journeys.visitor import shows


def test_a_customer_from_the_rate_card_to_the_attestation(visit):
    finance, sales, owner, clock = visit(), visit(), visit(), visit()
    paper = desk.a_paper()
    stories = desk.stories_behind_the_wall(owner, 3)

    _offered(finance, sales, owner, paper, stories[0])
    offer = _accepted(owner, paper)
    house = _moved_in(owner, paper)
    member = _seated(owner, visit, house)
    _read_up(member, stories)
    contract = _held(owner, sales, house, paper)
    _renewed(clock, owner, sales, paper, house, contract)
    _ended(clock, sales, owner, paper, contract)

    member.open(stories[0])
    member.reads("Your licence has ended")
    member.keep("wall-again")
    assert member.page.locator(".story__body p").count() == 0
    owner.open(offer)
    owner.reads("This offer was accepted.")


def _offered(finance, sales, owner, paper, story: str) -> None:
    """A card, an enquiry, a quote, the approval of its discount, and the offer in the customer's mail."""
    card = f"Card of {paper.name}"
    finance.open("/desk/")
    finance.sign_in(FINANCE)
    desk.open_rate_card(finance, card)
    finance.keep("rate-card")
    owner.open(story)
    owner.open(f"/contact/?story={story.strip('/').split('/')[-1]}")
    desk.enquire(owner, paper)
    owner.keep("enquiry")
    owner.press("Send")
    owner.reads("we have your enquiry")
    sales.open("/desk/")
    sales.sign_in(SALES)
    desk.write_quote(sales, paper, card)
    sales.keep("line")
    sales.press("Add the line")
    sales.reads("a discount of 20")
    sales.keep("quote")
    sales.press("Submit")
    desk.confirm(sales, "Submit the quote")
    sales.reads("waiting for approval")
    quote = sales.path
    _approved(finance, quote, paper)
    sales.open(quote)
    sales.press("Send the offer")
    desk.confirm(sales, "Send the offer")
    sales.keep("sent")


def _approved(finance, quote: str, paper) -> None:
    finance.mail(FINANCE, paper.name)
    desk.link_of(finance, "/desk/quotes/")
    assert finance.path == quote
    finance.press("Approve")
    desk.confirm(finance, "Approve the quote")
    finance.reads("Approved by")
    finance.keep("approved")


def _accepted(owner, paper) -> str:
    """The customer reads the document and signs; answers the offer's address."""
    owner.mail(paper.address, "Our offer")
    owner.keep("mail")
    desk.link_of(owner, "/offers/")
    offer = owner.path
    owner.reads("Reading for two")
    desk.pdf(owner, f"{offer}offer.pdf")
    owner.keep("offer")
    owner.page.locator("#accept_name").fill(paper.contact)
    owner.page.locator("#accept_role").fill("Editor-in-chief")
    owner.page.locator("#accept_agreed").check()
    owner.press("Accept the offer")
    owner.reads("This offer was accepted.")
    owner.keep("accepted")
    number = owner.page.locator("article.paper").get_attribute("aria-label")
    owner.open(f"/verify/{number}/")
    owner.reads("This document is ours and in force.")
    owner.keep("verified")
    return offer


def _moved_in(owner, paper) -> str:
    """The contact has an account now, and is owner; answers the address of the house."""
    desk.set_password(owner, paper.address)
    owner.open("/organisation/")
    owner.reads("0 of 2")
    owner.keep("house")
    return owner.path


def _seated(owner, visit, house: str):
    """Two sit; for a third there is no seat. Answers one of the two."""
    owner.press("Nilgün Aras")
    owner.press("Give a seat")
    owner.reads("The seat is given.")
    member, address = visit(), new_address("deniz")
    desk.invite(owner, house, address)
    owner.reads("The invitation is sent.")
    desk.join(member, address)
    owner.open(house)
    owner.reads("2 of 2")
    owner.keep("seats")
    desk.invite(owner, house, new_address("late"))
    owner.reads("Every seat of this licence is taken")
    owner.keep("no-seat")
    return member


def _read_up(member, stories: list[str]) -> None:
    """Two stories are within the quota, the third has its price."""
    assert [desk.reads_in_full(member, story) for story in stories] == [True, True, False]
    shows(member.page.locator(".wall"), "€4.50")
    member.keep("wall-with-price")
    member.page.locator(".wall form button").click()
    member.page.wait_for_load_state()
    assert desk.reads_in_full(member, stories[2])
    member.keep("overage-accepted")


def _held(owner, sales, house: str, paper) -> str:
    """Both sides see the contract; its document is a PDF that can be verified. Answers its number."""
    owner.open(f"{house}contracts/")
    number = owner.page.locator("main td a").first.inner_text()
    owner.press(number)
    owner.reads("Reading for two")
    owner.keep("contract")
    document = owner.page.locator("main a[href$='.pdf']").first
    desk.pdf(owner, str(document.get_attribute("href")))
    owner.open(f"/verify/{document.inner_text()}/")
    owner.reads("This document is ours and in force.")
    sales.open(f"/desk/contracts/?words={number}")
    sales.press(number)
    sales.reads(paper.name)
    sales.keep("desk-contract")
    return number


def _renewed(clock, owner, sales, paper, house: str, contract: str) -> None:
    """A month before the end both sides are told; at the end the contract goes on by itself."""
    before = _until(owner, house)
    clock.advance(days=33)
    owner.mail(paper.address, f"Contract {contract} renews in")
    owner.keep("reminder")
    sales.mail(SALES, f"{paper.name}: {contract}")
    clock.advance(days=31)
    owner.comes(f"{house}contracts/", owner.text("Renewed"))
    assert _until(owner, house) != before
    owner.keep("renewed")


def _until(owner, house: str) -> str:
    """The last day of the contract."""
    owner.open(f"{house}contracts/")
    return str(owner.page.locator("main tbody td").nth(2).inner_text())


def _ended(clock, sales, owner, paper, contract: str) -> None:
    """The agency terminates; the customer attests that copies are deleted."""
    sales.open(f"/desk/contracts/?words={contract}")
    sales.press(contract)
    sales.reads("renewed")
    sales.press("Terminate")
    desk.date_in(sales, "on", _today(sales))
    sales.fill(why="The paper closes.")
    desk.confirm(sales, "Terminate")
    sales.reads("The paper closes.")
    sales.keep("terminated")
    clock.advance(days=2)
    owner.mail(paper.address, "has ended: please delete")
    desk.link_of(owner, "/organisation/deletion/")
    owner.keep("attest")
    owner.page.locator("main [name=sure]").check()
    owner.press("Attest")
    owner.reads("The deletion is attested by Nilgün Aras")
    owner.keep("attested")
    sales.page.reload()
    sales.reads("Deletion attested")


def _today(sales) -> str:
    """The day it is for the product, in the form a date field takes."""
    sales.page.wait_for_load_state()
    text = sales.source("/sandbox/control/")
    found = re.search(r'datetime="(\d{4}-\d{2}-\d{2})', text)
    assert found, text
    return found[1]
