import re

from hypothesis import given
from hypothesis import strategies as st

from newsroom.wire.sanitise import clean_html, clean_line, plain
from newsroom.wire.words import fold

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    "<svg><script>alert(1)</script></svg>",
    '<p style="position:fixed">x</p>',
    "<iframe src=//evil.example></iframe>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    '<p onclick="alert(1)">x</p>',
    "<!--<img src=--><img src=x onerror=alert(1)>-->",
    "<template><script>alert(1)</script></template>",
]
RUNS = re.compile(r"<script|\son\w+\s*=|javascript:|<iframe|<svg|<img|style\s*=", re.IGNORECASE)


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40)), max_size=6).map("".join))
def test_nothing_in_a_cleaned_story_runs_loads_or_styles(html):
    cleaned = clean_html(html)
    tags = "".join(re.findall(r"<[^>]*>", cleaned))
    assert not RUNS.search(tags)
    assert clean_html(cleaned) == cleaned


def test_what_a_story_needs_stays():
    html = '<h2>Vote</h2><p dir="rtl">نص</p><table><tr><td colspan="2">1</td></tr></table><blockquote>x</blockquote>'
    expected = html.replace("<table><tr>", "<table><tbody><tr>").replace("</tr></table>", "</tr></tbody></table>")
    assert clean_html(html) == expected
    assert (
        clean_html('<a href="https://x.example">x</a>') == '<a href="https://x.example" rel="noopener noreferrer">x</a>'
    )


def test_a_line_holds_no_controls_and_cannot_turn_the_page_around():
    assert clean_line("Rates\x00 \u202erise\u202c \n again") == "Rates rise again"


def test_the_words_of_a_body_keep_their_blocks_apart():
    assert plain("<p>One</p><p>two &amp; three<br>four</p><ul><li>five</li></ul>") == "One\ntwo & three\nfour\nfive"


def test_words_are_found_whatever_marks_or_case_are_typed():
    assert fold("İSTANBUL'da IŞIK") == fold("istanbul'da isik") == "istanbul'da isik"
    assert fold("Élysée") == "elysee"
    assert fold("الأَخْبَارُ") == fold("الاخبار")
