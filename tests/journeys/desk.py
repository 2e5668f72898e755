"""What people of the newsroom do at the desk, by its own screens."""

import re
from dataclasses import dataclass
from secrets import randbelow

from playwright.sync_api import expect

from newsroom.newsdesk.seed import pictures
from tests.journeys.visitor import Visitor

REPORTER = "selin@anka-wire.example"
EDITOR = "science@anka-wire.example"
CHIEF = "chief@anka-wire.example"


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture to upload, drawn as the demo's are."""

    motif: str
    palette: str
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A story to type."""

    headline: str
    summary: str
    body: tuple[str, ...]
    byline: str = ""
    dateline: str = ""
    photograph: Photograph | None = None


def write(person: Visitor, copy: Copy, *, desk: str = "Science") -> None:
    """Type a new story, from the desk's first page on; nothing is sent yet."""
    person.open("/desk/")
    person.press("Write a story")
    page = person.page
    page.locator("#id_desk").select_option(label=desk)
    person.fill(headline=copy.headline, summary=copy.summary, byline=copy.byline, dateline=copy.dateline)
    page.locator(".public-DraftEditor-content").click()
    for paragraph in copy.body:
        page.keyboard.insert_text(paragraph)
        page.keyboard.press("Enter")
    if copy.photograph:
        _upload(person, copy.photograph)


def _upload(person: Visitor, photograph: Photograph) -> None:
    page = person.page
    page.locator("#id_pictures-OPEN_MODAL").click()
    window = page.locator(".modal-content")
    window.get_by_role("tab", name="Upload").click()
    content = pictures.draw(photograph.motif, photograph.palette, randbelow(10_000))  # the desk asks about doubles
    file = {"name": "picture.jpg", "mimeType": "image/jpeg", "buffer": content}
    window.locator("[name=image-chooser-upload-file]").set_input_files([file])
    window.locator("[name=image-chooser-upload-title]").fill(photograph.alt)
    window.locator("[name=image-chooser-upload-credit]").fill(photograph.credit)
    window.locator("[data-chooser-modal-creation-form] [type=submit]").click()
    page.locator("[name=pictures-0-alt]").fill(photograph.alt)
    page.locator("[name=pictures-0-caption]").fill(photograph.caption)
    page.locator("[name=pictures-0-credit]").fill(photograph.credit)


def choose(person: Visitor, name: str) -> None:
    """Press a button or follow a link of the bar at the foot, behind its arrow unless it is the first."""
    bar = person.page.locator("footer.footer")
    button = bar.locator(f"[name={name}], [data-workflow-action-name={name}], a[href$='/{name}/']")
    if not button.is_visible():
        bar.locator("[data-w-dropdown-target=toggle]").click()
    button.click()
    person.page.wait_for_load_state()


def said(person: Visitor, text: str) -> None:
    """The desk says so, in its line of messages."""
    expect(person.page.locator(".messages")).to_contain_text(re.compile(text))


def find(person: Visitor, headline: str) -> None:
    """To the page of a story on the wire, from the desk's first page."""
    person.open("/desk/")
    wire = person.page.get_by_role("region", name="On the wire")
    wire.get_by_role("link", name=headline).first.click()
    person.page.wait_for_load_state()


def public_address(person: Visitor) -> str:
    """Where everybody reads the story whose page this is."""
    person.page.get_by_role("button", name="Actions").first.click()
    address = person.page.get_by_role("link", name="View on the site").get_attribute("href")
    return str(address).removeprefix(person.site.url)


def explain(person: Visitor, deed: str, note: str, button: str) -> None:
    """Through one of the guided forms: correction, withhold or kill."""
    choose(person, deed)
    person.fill(note=note)
    sure = person.page.locator("main [name=sure]")
    if sure.count():
        sure.check()
    person.keep(deed)
    person.press(button)


def seeded_story(person: Visitor) -> str:
    """A story that is public in summary."""
    person.open("/section/science/")
    found = person.page.locator("main .card__title a").last.get_attribute("href")
    return str(found)
