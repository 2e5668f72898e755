"""What a reader does: sign up, confirm, pay."""

import re
from secrets import token_hex

from tests.journeys.visitor import Visitor

PAYS, IS_DECLINED_LATER = "4242 4242 4242 4242", "4000 0000 0000 0341"
PASSWORD = "a-long-walk-by-the-sea"


def new_address(name: str) -> str:
    return f"{name}.{token_hex(4)}@reader.example"


def sign_up(reader: Visitor, address: str) -> None:
    reader.fill(email=address, password1=PASSWORD)
    reader.press("Create the account")
    reader.reads("We have sent you a message with a link.")


def confirm_by_mail(reader: Visitor, address: str) -> None:
    """Follow the link of the mail, and say yes."""
    reader.mail(address, "onfirm")
    reader.page.locator("main a[href*='/account/confirm-email/']").first.click()
    reader.press("Yes, confirm")


def subscribe(reader: Visitor, card: str) -> None:
    """From the pricing page, over the sandbox's Checkout, to the page that says thank you."""
    reader.press("Subscribe to Reader by the month")
    reader.page.wait_for_url("**/sandbox/checkout/**")
    reader.keep("checkout")
    reader.fill(number=card, holder="Ida Falk")
    reader.press("Subscribe")
    reader.page.wait_for_url(re.compile("/checkout/success/"))
    reader.reads("Every story is open to you in full.")


def change_card(reader: Visitor, card: str) -> None:
    """On the sandbox's page, to which a button of ours leads."""
    reader.press("Change card")
    reader.page.wait_for_url("**/sandbox/portal/**")
    reader.keep("card")
    reader.fill(number=card)
    reader.press("Save the card")
    reader.page.wait_for_url("**/account/subscription/")


def subscriber(reader: Visitor, address: str) -> None:
    """Becomes one, from the pricing page on."""
    reader.open("/pricing/")
    reader.press("Subscribe to Reader by the month")
    sign_up(reader, address)
    confirm_by_mail(reader, address)
    subscribe(reader, PAYS)
