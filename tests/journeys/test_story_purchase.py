"""Somebody comes from a search engine to one story, buys it, and lands back on it, reading."""

import re

from tests.journeys import desk
from tests.journeys.reader import PAYS, confirm_by_mail, new_address, sign_up

IS_DECLINED = "4000 0000 0000 0002"
CHALLENGES = "4000 0027 6000 3184"
SEARCH_ENGINE = "https://search.example/"


def test_one_story_is_bought_by_somebody_who_came_from_a_search_result(visit):
    reader = visit()
    story, address = desk.seeded_story(reader), new_address("vera")
    reader.page.goto(reader.site.url + story, referer=SEARCH_ENGINE)
    reader.reads("The full text is for licence holders")
    reader.keep("wall")

    _chosen(reader)
    sign_up(reader, address)
    confirm_by_mail(reader, address)
    reader.reads("You read the whole story, now and later.")
    reader.keep("signed-up-and-back")
    _paid(reader)

    reader.page.wait_for_url(re.compile(re.escape(story)))
    reader.reads("The story is yours")
    assert reader.path == story
    assert reader.page.locator(".wall").count() == 0
    assert reader.page.locator(".story__body p").count() > 1
    reader.keep("reading")
    _papers(reader)
    reader.mail(address, "Your licence for a story")
    reader.keep("mail")


def _chosen(reader) -> None:
    """The wall leads to the choice, the choice to the price, and the price past the sign-up."""
    reader.press("License this story")
    reader.page.locator("main [name=purpose][value=personal]").check()
    reader.keep("choice")
    reader.press("See the price")
    reader.reads("€1.50")
    reader.keep("price")
    reader.press("Create an account and pay")


def _paid(reader) -> None:
    """A card is declined, the bank's question is answered with no, and then a card pays."""
    reader.press("Pay €1.50")
    reader.page.wait_for_url("**/sandbox/checkout/**")
    reader.keep("checkout")
    reader.fill(number=IS_DECLINED, holder="Vera Aydın")
    reader.page.locator("main form button[type=submit]").first.click()
    reader.reads("Your card was declined.")
    reader.keep("declined")
    reader.fill(number=CHALLENGES, holder="Vera Aydın")
    reader.page.locator("main form button[type=submit]").first.click()
    reader.page.wait_for_url("**/bank/")
    reader.keep("bank")
    reader.page.locator("main form button:not([name=approve])").first.click()
    reader.reads("did not confirm")
    reader.fill(number=PAYS, holder="Vera Aydın")
    reader.page.locator("main form button[type=submit]").first.click()


def _papers(reader) -> None:
    """The purchase, its certificate and its invoice stand in the account."""
    reader.open("/account/purchases/")
    paper = reader.page.locator("main a[href$='certificate.pdf']").first
    desk_answer = reader.context.request.get(reader.site.url + str(paper.get_attribute("href")))
    assert (desk_answer.status, desk_answer.headers["content-type"]) == (200, "application/pdf")
    reader.keep("purchases")
    reader.open("/account/invoices/")
    reader.reads("Paid")
    reader.keep("invoices")


def test_the_pages_of_buying_on_a_phone_and_from_right_to_left(visit):
    reader = visit(viewport={"width": 390, "height": 844}, color_scheme="dark")
    story = desk.seeded_story(reader)
    chosen = "?purpose=print&territory=europe&circulation=medium&duration=year&currency=kwd"
    for language in ("en", "ar"):
        reader.speak(language)
        for name, path in {"licence": f"{story}licence/{chosen}", "give": "/give/", "pricing": "/pricing/"}.items():
            reader.open(path)
            wide = reader.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert (name, language, wide <= 0) == (name, language, True)
            reader.keep(f"{name}-{language}")
