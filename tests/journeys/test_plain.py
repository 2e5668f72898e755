"""The site without a mouse, and without scripts."""

from playwright.sync_api import expect

from tests.journeys.desk import seeded_story
from tests.journeys.reader import PAYS, confirm_by_mail, new_address, sign_up, subscribe


def test_the_first_tab_is_a_way_past_the_head_and_the_wall_is_reached_by_keys(visit):
    reader = visit()
    reader.open(seeded_story(reader))
    reader.page.keyboard.press("Tab")
    skip = reader.page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.keep("skip")

    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("#main")).to_be_focused()
    reader.page.keyboard.press("Tab")
    wall = reader.page.locator(".wall a").first
    for _ in range(5):
        if wall.evaluate("each => each === document.activeElement"):
            break
        reader.page.keyboard.press("Tab")
    expect(wall).to_be_focused()
    reader.keep("wall")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/pricing/**")


def test_reading_searching_signing_up_and_paying_want_no_script(visit):
    reader = visit(java_script_enabled=False)
    address = new_address("plain")
    reader.open("/")
    reader.search("sea")
    reader.page.locator("main .card__title a").first.click()
    reader.reads("The full text is for licence holders")
    reader.press("See plans and prices")
    reader.press("Subscribe to Reader by the month")
    sign_up(reader, address)
    confirm_by_mail(reader, address)
    subscribe(reader, PAYS)
    reader.press("Read on")
    assert reader.page.locator(".wall").count() == 0
    reader.keep("full-text")
