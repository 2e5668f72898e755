"""What a customer and the agency's sales and finance do, by their own pages."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex

from tests.journeys.reader import PASSWORD, new_address, sign_up
from tests.journeys.visitor import Visitor

SALES, FINANCE = "sales@anka-wire.example", "finance@anka-wire.example"
CLAUSE = "§2: reading on screen by two named people, two stories a month; each further story is charged."


@dataclass(frozen=True, slots=True)
class Paper:
    """The house that buys."""

    name: str
    contact: str
    address: str


def a_paper() -> Paper:
    return Paper(f"Kıyı Postası {token_hex(3)}", "Nilgün Aras", new_address("nilgun"))


def tick(person: Visitor, name: str, *values: str) -> None:
    """Check boxes of the main form."""
    for value in values:
        person.page.locator(f"main [name={name}][value='{value}']").check()


def choose(person: Visitor, **fields: str) -> None:
    """Choose in the lists of the main form, by what they show."""
    for name, label in fields.items():
        person.page.locator(f"main select[name={name}]").select_option(label=label)


def confirm(person: Visitor, name: str) -> None:
    """Press the button of a page whose title says the same."""
    person.page.locator("main").get_by_role("button", name=name, exact=True).click()
    person.page.wait_for_load_state()


def date_in(person: Visitor, name: str, day: str) -> None:
    """Type a day; a click beside it closes the desk's calendar."""
    person.page.locator(f"main [name={name}]").fill(day)
    calendar = person.page.locator(".xdsoft_datetimepicker:visible")
    calendar.first.wait_for()
    person.page.locator("main h2").first.click()
    calendar.first.wait_for(state="hidden")


def open_rate_card(finance: Visitor, name: str) -> None:
    """A card with one row: reading every product costs 1,200 a year."""
    finance.open("/desk/rates/")
    finance.press("Open a rate card")
    finance.fill(name=name)
    choose(finance, currency="EUR")
    finance.press("Open the card")
    finance.press("Add a row")
    tick(finance, "uses", "read")
    finance.fill(price="1200")
    finance.press("Add the row")
    finance.reads("every product")


def enquire(customer: Visitor, paper: Paper) -> None:
    """By the contact page."""
    customer.fill(name=paper.contact, email=paper.address, organisation=paper.name, message="For our two editors.")
    choose(customer, country="Türkiye")
    tick(customer, "uses", "read")
    customer.page.locator("main [name=consent]").check()


def write_quote(sales: Visitor, paper: Paper, card: str) -> None:
    """From the lead: two months that begin today, at a fifth less than the card says."""
    sales.open("/desk/leads/")
    sales.press(paper.name)
    sales.press("New quote")
    start = sales.page.locator("main [name=starts_on]")
    today = date.fromisoformat(start.input_value()) - timedelta(days=30)
    date_in(sales, "starts_on", today.isoformat())
    sales.fill(term_months="2", notice_days="10", intro="As we said on the telephone.")
    choose(sales, locale="English", billing_interval="a month")
    sales.press("Go on to the lines")
    sales.press("Add a line")
    sales.fill(title="Reading for two", clause=CLAUSE, discount="20", seats="2")
    sales.page.locator("main [name=all_products]").check()
    choose(sales, card=f"{card} (EUR)", quota1_use="read")
    sales.fill(quota1_limit="2", quota1_overage="4.50")


def link_of(mail: Visitor, path: str) -> None:
    """Follow the link of the mail that is open."""
    mail.page.locator(f"main a[href*='{path}']").first.click()
    mail.page.wait_for_load_state()


def set_password(person: Visitor, address: str) -> None:
    """Whoever was let in without an account of their own makes it theirs, from the mail that says so."""
    person.mail(address, "You have accepted our offer")
    link_of(person, "/account/password/reset/")
    person.fill(email=address)
    person.page.locator("main form button[type=submit]").click()
    person.page.wait_for_load_state()
    person.mail(address, "assword")
    link_of(person, "/account/password/reset/key/")
    person.fill(password1=PASSWORD, password2=PASSWORD)
    person.page.locator("main form button[type=submit]").click()
    person.reads("Your password is changed")
    person.sign_in(address, PASSWORD)


def invite(owner: Visitor, house: str, address: str) -> None:
    """With a seat of the one licence."""
    owner.open(f"{house}invitations/")
    owner.fill(email=address)
    owner.page.locator("main select[name=licence]").select_option(index=1)
    owner.press("Send an invitation")


def join(person: Visitor, address: str) -> None:
    """By the link of the invitation, with a new account."""
    person.mail(address, "invites you")
    link_of(person, "/organisation/invitation/")
    person.press("Create an account")
    sign_up(person, address)
    person.mail(address, "onfirm")
    link_of(person, "/account/confirm-email/")
    person.press("Yes, confirm")
    person.press("Join")
    person.reads("You are a member of")


def stories_behind_the_wall(person: Visitor, wanted: int) -> list[str]:
    """Addresses of stories that this person cannot read."""
    person.open("/section/world/")
    cards = person.page.locator("main .card__title a")
    found = [str(cards.nth(number).get_attribute("href")) for number in range(cards.count())]
    walled: list[str] = []
    for path in dict.fromkeys(found):
        if 'class="wall"' in person.source(path):
            walled.append(path)
        if len(walled) == wanted:
            return walled
    raise AssertionError(f"{len(walled)} stories are behind the wall, of {len(found)}")


def reads_in_full(person: Visitor, story: str) -> bool:
    person.open(story)
    return person.page.locator(".story__body p").count() > 1 and person.page.locator(".wall").count() == 0


def pdf(person: Visitor, path: str) -> bytes:
    """The document at this address, which is a PDF."""
    answer = person.context.request.get(person.site.url + path)
    content = answer.body()
    assert (answer.status, answer.headers["content-type"], content[:5]) == (200, "application/pdf", b"%PDF-")
    (person.album.folder / f"{number_in(path, answer.headers)}.pdf").write_bytes(content)
    return content


def number_in(path: str, headers: dict[str, str]) -> str:
    """The document's number, as the download is named."""
    found = re.search(r'filename="([-\w]+)\.pdf"', headers["content-disposition"])
    assert found, path
    return found[1]
