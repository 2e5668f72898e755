"""What the desk does to a story that is out: corrects it, holds it back, kills it."""

from tests.journeys import desk

FERRY = desk.Copy(
    headline="Night ferry between Foça and Lesbos to sail all winter",
    summary="The line keeps its Friday crossing until April, with 140 seats and no cars.",
    body=("The first winter crossing leaves on Friday at 22:00.", "Tickets cost the same as in summer."),
    byline="Tarık Öncel",
    dateline="FOÇA",
)
WRONG = "An earlier version gave the number of seats as 140. There are 104."
HELD = "The operator disputes the timetable. We are checking it with the port."
KILLED = "The announcement was a forgery. There is no such line."


def test_a_story_that_is_out_is_corrected_held_back_and_killed(visit):
    editor, chief, reader = visit(), visit(), visit()
    editor.sign_in(desk.EDITOR)
    desk.write(editor, FERRY)
    desk.choose(editor, "action-publish")
    desk.find(editor, FERRY.headline)
    story, at_desk = desk.public_address(editor), editor.path
    reader.open(story)
    reader.reads("with 140 seats")

    _corrected(editor, at_desk)
    reader.open(story)
    reader.reads("with 104 seats")
    reader.reads(f"Correction{WRONG}")
    reader.keep("corrected")

    desk.explain(editor, "withhold", HELD, "Withhold the story")
    desk.said(editor, "The story is withheld.")
    reader.open(story, status=403)
    reader.reads(HELD)
    reader.keep("held-back")

    chief.sign_in(desk.CHIEF)
    chief.open(at_desk)
    desk.explain(chief, "kill", KILLED, "Kill the story for good")
    desk.said(chief, "The story is killed.")
    reader.open(story, status=410)
    reader.reads("This story was withdrawn")
    reader.reads(KILLED)
    reader.keep("killed")
    lists = ("/", "/section/science/", "/search/?q=night+ferry", "/feeds/latest.atom")
    assert [path for path in lists if story in reader.source(path)] == []


def _corrected(editor, at_desk: str) -> None:
    editor.open(at_desk)
    editor.fill(summary=FERRY.summary.replace("140", "104"))
    editor.page.get_by_role("button", name="Save draft").click()
    desk.said(editor, "updated")
    editor.open(at_desk)
    desk.explain(editor, "correction", WRONG, "Release the correction")
    desk.said(editor, "The correction is on the wire.")
