"""What we understand of a ninjs item, in each of its dialects."""

from datetime import UTC, datetime

import pytest

from newsroom.content.ingest.newsitem import NewsItem
from newsroom.content.ingest.ninjs import read
from newsroom.content.ingest.problems import BadItem, NoStory

IN_1 = {
    "uri": "urn:x:1",
    "type": "text",
    "version": "3",
    "versioncreated": "2026-01-02T03:04:05Z",
    "pubstatus": "usable",
    "urgency": 3,
    "language": "en-GB",
    "headline": "Ferry resumes",
    "slugline": "FERRY",
    "byline": "A. Writer",
    "located": "Istanbul",
    "ednote": "Updates.",
    "usageterms": "No archive.",
    "copyrightholder": "Agency",
    "description_text": "Ferries run.",
    "body_xhtml": "<p>The first ferry left.</p>",
    "body_text": "The first ferry left.",
    "subject": [{"code": "medtop:15000000"}, {"code": "other:1"}],
    "place": [{"name": "Istanbul"}],
    "genre": [{"name": "Current"}],
    "embargoed": "2026-01-03T00:00:00Z",
}
IN_2 = {key: IN_1[key] for key in ("uri", "type", "version", "versioncreated", "pubstatus", "urgency", "language")} | {
    "headlines": [{"role": "sub", "value": "Not this"}, {"role": "main", "value": "Ferry resumes"}],
    "slugline": "FERRY",
    "by": "A. Writer",
    "located": "Istanbul",
    "ednote": "Updates.",
    "usageterms": "No archive.",
    "copyrightholder": "Agency",
    "descriptions": [{"role": "writer", "value": "www"}, {"role": "summary", "value": "Ferries run."}],
    "bodies": [
        {"role": "text", "contenttype": "text/plain", "value": "The first ferry left."},
        {"role": "xhtml", "contenttype": "text/html", "value": "<p>The first ferry left.</p>"},
    ],
    "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/15000000"}],
    "places": [{"name": "Istanbul"}],
    "genres": [{"name": "Current"}],
    "embargoed": "2026-01-03T00:00:00Z",
}
CAMEL = {
    "versioncreated": "versionCreated",
    "pubstatus": "pubStatus",
    "ednote": "edNote",
    "usageterms": "usageTerms",
    "copyrightholder": "copyrightHolder",
    "embargoed": "embargoedUntil",
}
IN_3 = {CAMEL.get(key, key): value for key, value in IN_2.items()} | {
    "bodies": [{"contentType": "text/html", "value": "<p>The first ferry left.</p>"}]
}
READ = NewsItem(
    uri="urn:x:1",
    headline="Ferry resumes",
    version="3",
    version_created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    language="en-GB",
    slugline="FERRY",
    summary="Ferries run.",
    body_html="<p>The first ferry left.</p>",
    byline="A. Writer",
    dateline="Istanbul",
    genre="Current",
    urgency=3,
    subjects=("medtop:15000000",),
    place="Istanbul",
    note="Updates.",
    usage_terms="No archive.",
    embargo_until=datetime(2026, 1, 3, tzinfo=UTC),
    provider="Agency",
)
LEAST = {"uri": "urn:x:1", "headline": "Ferry resumes", "body_text": "It left."}


@pytest.mark.parametrize("item", [IN_1, IN_2, IN_3], ids=["1.x", "2.x", "3.x"])
def test_the_three_dialects_say_the_same(item):
    assert read(item) == READ
    assert read(item).digest == READ.digest


def test_without_a_version_the_content_is_its_version():
    one, same, other = read(LEAST), read(dict(LEAST)), read(LEAST | {"headline": "Ferry stops"})

    assert one.source_version == f"sha256:{one.digest[:32]}"
    assert (one.source_version == same.source_version, one.source_version == other.source_version) == (True, False)


@pytest.mark.parametrize(
    ("bodies", "html"),
    [
        ([{"value": "One.\n\nTwo <3."}], "<p>One.</p><p>Two &lt;3.</p>"),
        ([{"value": "<p>Marked up</p>"}], "<p>Marked up</p>"),
        (
            [{"contentType": "text/html", "value": "<html><head><title>T</title></head><body><p>In</p></body></html>"}],
            "<p>In</p>",
        ),
        (
            [
                {
                    "contentType": "text/vnd.IPTC.NITF",
                    "value": "<nitf><body><body.content><p>Nitf</p></body.content></body></nitf>",
                }
            ],
            "<p>Nitf</p>",
        ),
        (
            [
                {"contentType": "application/xml", "value": "<X/>"},
                {"contentType": "text/plain", "value": "Plain"},
            ],
            "<p>Plain</p>",
        ),
        ([], ""),
    ],
)
def test_the_best_body_is_taken(bodies, html):
    assert read({"uri": "urn:x:1", "title": "T", "bodies": bodies}).body_html == html


def test_a_summary_is_never_cut_from_the_body():
    assert read(LEAST).summary == ""


def test_a_description_that_holds_the_whole_body_is_no_summary():
    assert read(LEAST | {"description_text": "Dateline. It  left."}).summary == ""


@pytest.mark.parametrize(
    ("facts", "headline"),
    [
        ({"headline": "<b>Bold</b> &amp; new"}, "Bold & new"),
        ({"headline": "", "title": "Title"}, "Title"),
        ({"headline": None, "slugline": "SLUG"}, "SLUG"),
        ({"headline": None, "uri": "http://a.example/items/final-part/"}, "final-part"),
    ],
)
def test_a_missing_headline_comes_from_the_metadata_and_never_from_the_body(facts, headline):
    assert read(LEAST | facts).headline == headline


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"type": "event"}, "event"),
        ({"type": "text", "eventDetails": {}}, "event"),
        ({"type": "planning"}, "planning"),
        ({"plannedCoverage": []}, "planning"),
        ({"type": "audio"}, "audio"),
        ({"type": "video"}, "video"),
        ({"type": "picture", "body_text": ""}, "picture"),
    ],
)
def test_what_is_no_story_is_refused_by_its_name(facts, kind):
    with pytest.raises(NoStory) as refusal:
        read(LEAST | facts)
    assert refusal.value.kind == kind


def test_a_picture_that_carries_a_text_is_a_story():
    assert read(LEAST | {"type": "picture"}).body_html == "<p>It left.</p>"


@pytest.mark.parametrize(
    ("item", "field", "message"),
    [
        ("text", "item", "expected an object, found text"),
        ([LEAST], "item", "expected an object, found a list"),
        (None, "item", "expected an object, found null"),
        ({}, "uri", "is missing"),
        (LEAST | {"uri": 7}, "uri", "expected text, found a number"),
        (LEAST | {"uri": "a b"}, "uri", "holds white space"),
        (LEAST | {"uri": "x" * 501}, "uri", "is 501 characters long; at most 500"),
        (LEAST | {"version": 3}, "version", "expected text, found a number"),
        (LEAST | {"headline": "x" * 301}, "headline", "is 301 characters long; at most 300"),
        (LEAST | {"headline": ["x"]}, "headline", "expected text, found a list"),
        (LEAST | {"headline": "a\x00b"}, "headline", "holds a character that no text may hold"),
        (LEAST | {"headline": "a\ud800b"}, "headline", "holds a character that no text may hold"),
        (LEAST | {"bodies": {}}, "bodies", "expected a list, found an object"),
        (LEAST | {"bodies": ["x"]}, "bodies[0]", "expected an object, found text"),
        (LEAST | {"bodies": [{"role": "main"}]}, "bodies[0].value", "is missing"),
        (LEAST | {"bodies": [{"value": 1}]}, "bodies[0].value", "expected text, found a number"),
        (
            {"uri": "u", "bodies": [{"contenttype": "application/pdf", "value": "%PDF"}]},
            "bodies",
            "none in a form that we read, only application/pdf",
        ),
        (
            {"uri": "u", "bodies": [{"role": "nitf", "value": "<nitf>"}]},
            "bodies",
            "the NITF is not XML: Premature end of data in tag nitf line 1, line 1, column 7",
        ),
        (LEAST | {"urgency": "4"}, "urgency", "expected a number, found text"),
        (LEAST | {"urgency": True}, "urgency", "expected a number, found true or false"),
        (LEAST | {"urgency": 10}, "urgency", "10 is not a whole number from 1 to 9"),
        (LEAST | {"urgency": 2.5}, "urgency", "2.5 is not a whole number from 1 to 9"),
        (LEAST | {"versionCreated": "yesterday"}, "versioncreated", "“yesterday” is no date and time"),
        (LEAST | {"embargoed": "2026-01-02T03:04:05"}, "embargoed", "“2026-01-02T03:04:05” has no time zone"),
        (LEAST | {"pubstatus": "killed"}, "pubstatus", "“killed” is none of usable, withheld, canceled"),
        (LEAST | {"language": "English!"}, "language", "“English!” is no language tag"),
        (LEAST | {"type": "hologram"}, "type", "“hologram” is not known"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(item, field, message):
    with pytest.raises(BadItem) as problem:
        read(item)
    assert (problem.value.field, problem.value.message) == (field, message)


def test_entities_of_a_nitf_document_are_not_resolved(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("zebrawood")
    nitf = (
        f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file://{secret}">]>'
        "<nitf><body><body.content><p>A&x;B</p></body.content></body></nitf>"
    )

    assert "zebrawood" not in read({"uri": "u", "bodies": [{"role": "nitf", "value": nitf}]}).body_html
