"""What a subscriber does later: a trial, a code, another plan, a card that stops working. Prices shown are prices charged."""

import re

from tests.journeys import desk
from tests.journeys.reader import (
    IS_DECLINED_LATER,
    PAYS,
    change_card,
    confirm_by_mail,
    new_address,
    sign_up,
    subscriber,
)
from tests.journeys.visitor import shows

MONEY = re.compile(r"[€₺$£]\s?[\d,.]+")


def test_a_year_begins_with_a_trial(visit):
    reader, clock = visit(), visit()
    address = new_address("vera")
    _signed_up_for(reader, address, "by the year")
    reader.page.locator("form[action*='reader_year_']:has([name=trial]) button").first.click()
    reader.page.wait_for_url("**/sandbox/checkout/**")
    reader.reads("14 days free")
    reader.keep("trial-checkout")
    reader.fill(number=PAYS, holder="Vera Lund")
    reader.press("Start trial")
    reader.page.wait_for_url(re.compile("/checkout/success/"))
    reader.open("/account/subscription/")
    reader.reads("Your trial runs until")
    reader.keep("trial")

    clock.advance(days=12)
    reader.mail(address, "trial")
    reader.keep("trial-reminder")
    clock.advance(days=3)
    reader.comes("/account/subscription/", reader.text("Running"))
    reader.open("/account/invoices/")
    shows(reader.page.get_by_role("row").nth(1), "Paid")
    reader.keep("first-year-paid")


def test_a_code_makes_the_month_cheaper(visit):
    reader = visit()
    _signed_up_for(reader, new_address("otto"), "by the month")
    reader.press("Subscribe to Reader by the month")
    reader.page.wait_for_url("**/sandbox/checkout/**")
    reader.fill(code="NO-SUCH-CODE")
    reader.press("Apply")
    reader.keep("no-such-code")
    reader.fill(code="WELCOME20")
    reader.press("Apply")
    reader.reads("WELCOME20")
    due = _money(reader.page.locator(".total").inner_text())
    reader.keep("code-applied")
    reader.fill(number=PAYS, holder="Otto Berg")
    reader.press("Subscribe")
    reader.page.wait_for_url(re.compile("/checkout/success/"))
    assert _newest_invoice(reader) == due


def test_another_plan_costs_what_was_shown_and_a_smaller_one_waits_for_the_period(visit):
    reader, clock = visit(), visit()
    subscriber(reader, new_address("jane"))
    clock.advance(days=10)

    _preview(reader, "reader_plus_month_")
    today = _money(reader.page.locator("dl.facts dd").first.inner_text())
    reader.keep("upgrade-preview")
    reader.page.locator("form:has([name=token]) button").click()
    reader.comes("/account/subscription/", reader.text("Reader Plus"))
    reader.keep("upgraded")
    assert _newest_invoice(reader) == today

    _preview(reader, "reader_month_")
    reader.reads("Until then you keep what you have")
    later = _money(reader.page.locator("dl.facts dd").last.inner_text())
    reader.keep("downgrade-preview")
    reader.page.locator("form:has([name=token]) button").click()
    reader.comes("/account/subscription/", reader.text("Keep the present plan"))
    reader.keep("downgrade-waits")
    clock.advance(days=32)
    reader.comes("/account/subscription/", reader.page.get_by_role("heading", name="Reader", exact=True))
    reader.keep("downgraded")
    assert _newest_invoice(reader) == later


def test_one_who_does_not_pay_is_suspended_and_a_good_card_brings_all_back(visit):
    reader, clock = visit(), visit()
    story = desk.seeded_story(reader)
    subscriber(reader, new_address("karl"))
    reader.open("/account/subscription/")
    change_card(reader, IS_DECLINED_LATER)
    clock.advance(days=32)
    reader.comes("/account/", reader.text("Your last payment did not go through."))

    clock.advance(days=8)
    reader.comes("/account/subscription/", reader.text("so you read summaries"))
    reader.keep("suspended")
    reader.open(story)
    assert reader.page.locator(".wall").count() == 1
    reader.open("/account/subscription/")
    change_card(reader, PAYS)
    reader.comes("/account/subscription/", reader.text("Running"))
    reader.keep("recovered")
    reader.open(story)
    assert reader.page.locator(".wall").count() == 0


def _signed_up_for(reader, address: str, rhythm: str) -> None:
    """From the pricing page over the confirmation by mail, back at the plan."""
    reader.open("/pricing/")
    reader.press(f"Subscribe to Reader {rhythm}")
    sign_up(reader, address)
    confirm_by_mail(reader, address)


def _preview(reader, price: str) -> None:
    """Choose the plan whose price's key begins like this."""
    reader.open("/account/subscription/change/")
    reader.page.locator(f"button[name=to][value^='{price}']").click()
    reader.page.wait_for_load_state()


def _money(text: str) -> str:
    found = MONEY.search(text)
    assert found, text
    return found[0]


def _newest_invoice(reader) -> str:
    """The total that the newest invoice shows."""
    reader.open("/account/invoices/")
    return _money(reader.page.get_by_role("row").nth(1).inner_text())
