"""The rights language: what is written is read back the same, keeps to the model, and is refused with its place."""

import copy
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings

from newsroom.core.money import Money
from newsroom.licensing.rights.odrl import BadRights, read_granted, read_reserved, write_granted, write_reserved
from newsroom.licensing.rights.odrl.terms import ACTIONS, CONTEXT, LIMITS
from newsroom.licensing.rights.said import Granted, Party, Reserved
from newsroom.licensing.rules import Limits, Quota, Rendition, SeatKind, Use
from tests.factories import DAY, NOON
from tests.licensing.rights import model, strategies

AGENCY = Party("https://agency.example/", "The Agency")
PAPER = Party("https://agency.example/rights/organisations/ferry", "The Ferry Post", many=True)
LICENCE = Granted(
    uid="https://agency.example/rights/licences/7/versions/2",
    by=AGENCY,
    to=PAPER,
    uses=frozenset({"read", "publish"}),
    products=frozenset({"sport"}),
    starts_at=NOON,
    ends_at=NOON + 365 * DAY,
    clause="§4 Sport, all of it",
    limits=Limits(
        channels=frozenset({"web"}),
        territories=frozenset({"TR"}),
        archive=timedelta(days=30),
        seats=5,
        quotas=(Quota("publish", 100, "month", overage=Money(250, "eur")),),
        clauses={"seats": "§5 five people"},
    ),
)
STORY = Reserved(
    uid="https://agency.example/rights/stories/9/versions/1",
    by=AGENCY,
    uri="urn:newsroom:test:9",
    shown_at=NOON,
    territories_out=frozenset({"DE"}),
    channels_out=frozenset({"print"}),
    uses_out=frozenset({"ai-train"}),
    archive=timedelta(days=7),
    expires_at=NOON + 30 * DAY,
    embargo_until=NOON + DAY,
    usage_terms="Credit the photographer.",
)


@settings(max_examples=300, deadline=None)
@given(strategies.granted())
def test_a_licence_is_read_back_as_it_was_written(granted):
    document = json.loads(json.dumps(write_granted(granted)))
    assert read_granted(document) == granted
    assert model.faults(document) == []


@settings(max_examples=300, deadline=None)
@given(strategies.reserved)
def test_a_storys_rights_are_read_back_as_they_were_written(reserved):
    document = json.loads(json.dumps(write_reserved(reserved)))
    assert read_reserved(document) == reserved
    assert model.faults(document) == []


@settings(max_examples=60, deadline=None)
@given(strategies.granted(), strategies.reserved)
def test_every_term_is_the_w3cs_or_marked_as_ours(granted, reserved):
    known = model.vocabulary()
    used = model.words_of(write_granted(granted)) | model.words_of(write_reserved(reserved))
    assert {word for word in used if ":" not in word} <= known
    assert {word.partition(":")[0] for word in used if ":" in word} <= {"nr", "vcard", "dct", "rdf", "xsd"}


def test_a_licence_in_odrl():
    embargo = {"leftOperand": "event", "operator": "gteq", "rightOperand": {"@id": "nr:embargoEnd"}}
    start = {"@value": "2026-03-03T12:00:00Z", "@type": "xsd:dateTime"}
    end = {"@value": "2027-03-03T12:00:00Z", "@type": "xsd:dateTime"}
    common = [
        {"leftOperand": "dateTime", "operator": "gteq", "rightOperand": start},
        {"leftOperand": "dateTime", "operator": "lt", "rightOperand": end},
        embargo,
        {
            "leftOperand": "elapsedTime",
            "operator": "lt",
            "rightOperand": {"@value": "P30DT00H00M00S", "@type": "xsd:duration"},
        },
        {"leftOperand": "count", "operator": "lteq", "rightOperand": 5, "unit": {"@id": "nr:namedSeat"}},
        {
            "leftOperand": "spatial",
            "operator": "isAnyOf",
            "rightOperand": [{"@id": "http://cvx.iptc.org/iso3166-1a2/TR"}],
        },
    ]
    channel = {"leftOperand": "deliveryChannel", "operator": "isAnyOf", "rightOperand": [{"@id": "nr:web"}]}
    price = {
        "leftOperand": "payAmount",
        "operator": "eq",
        "rightOperand": {"@value": "2.50", "@type": "xsd:decimal"},
        "unit": {"@id": "http://cvx.iptc.org/iso4217a/EUR"},
    }
    above = {"leftOperand": "count", "operator": "gt", "rightOperand": 100, "unit": {"@id": "nr:storyPerMonth"}}

    assert write_granted(LICENCE) == {
        "@context": ["http://www.w3.org/ns/odrl.jsonld", {"nr": "urn:newsroom:odrl-profile:1#"}],
        "@type": "Agreement",
        "uid": "https://agency.example/rights/licences/7/versions/2",
        "profile": ["https://iptc.org/std/RightsML/odrl-profile/", "urn:newsroom:odrl-profile:1"],
        "conflict": "prohibit",
        "assigner": {"@type": "Party", "uid": "https://agency.example/", "vcard:fn": "The Agency"},
        "assignee": {"@type": "PartyCollection", "uid": PAPER.uid, "vcard:fn": "The Ferry Post"},
        "target": {
            "@type": "AssetCollection",
            "uid": "https://agency.example/rights/licences/7/versions/2#stories",
            "source": "https://agency.example/rights/wire",
            "refinement": [
                {
                    "leftOperand": "product",
                    "operator": "isAnyOf",
                    "rightOperand": [{"@id": "https://agency.example/rights/products/sport"}],
                }
            ],
        },
        "permission": [
            {
                "action": "distribute",
                "constraint": [*common, channel],
                "duty": [
                    {
                        "action": [{"rdf:value": {"@id": "odrl:compensate"}, "refinement": [price]}],
                        "constraint": [above],
                    }
                ],
            },
            {"action": "read", "constraint": common},
        ],
        "nr:clause": "§4 Sport, all of it",
        "nr:clauses": {"nr:seats": "§5 five people"},
    }


def changed(document, path, value):
    """The document with another value at this place; `...` takes the place away."""
    found = copy.deepcopy(document)
    *way, last = [int(part) if part.isdigit() else part for part in path.strip("/").split("/")]
    here = found
    for part in way:
        here = here[part]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    return found


FIRST = "/permission/0/constraint"


@pytest.mark.parametrize(
    ("path", "value", "where", "says"),
    [
        ("/@type", "Offer", "/@type", "“Offer” is not known here."),
        ("/@type", ..., "/@type", "This is missing."),
        ("/profile", ["https://other.example/"], "/profile", "is needed here."),
        ("/conflict", "perm", "/conflict", "“perm” is not known here."),
        ("/uid", "", "/uid", "Words are needed here."),
        ("/surprise", 1, "/surprise", "This is not known here."),
        ("/assigner", "https://agency.example/", "/assigner", "An object is needed here."),
        ("/assignee/vcard:fn", ..., "/assignee/vcard:fn", "This is missing."),
        ("/assignee/@type", "Person", "/assignee/@type", "“Person” is not known here."),
        ("/target/refinement/0/leftOperand", "industry", "/target/refinement/0/leftOperand", "not known"),
        ("/target/refinement/0/operator", "isNoneOf", "/target/refinement/0/operator", "not known"),
        ("/target/refinement/0/rightOperand", [], "/target/refinement/0/rightOperand", "At least one"),
        ("/target/refinement/0/rightOperand/0/@id", "urn:x", "/target/refinement/0/rightOperand/0", "begins with"),
        ("/permission", ..., "/permission", "At least one permission"),
        ("/permission/0/action", "steal", "/permission/0/action", "“steal” is not known here."),
        ("/permission/0/remedy", [], "/permission/0/remedy", "This is not known here."),
        (f"{FIRST}/0", ..., FIRST, "When the right begins is missing."),
        (f"{FIRST}/0/rightOperand/@value", "soon", f"{FIRST}/0/rightOperand/@value", "cannot be read"),
        (f"{FIRST}/0/rightOperand/@value", "2026-03-03T12:00:00", f"{FIRST}/0/rightOperand/@value", "needs its zone"),
        (f"{FIRST}/0/rightOperand/@type", "xsd:date", f"{FIRST}/0/rightOperand/@type", "is needed here"),
        (f"{FIRST}/0/operator", "gt", f"{FIRST}/0", "“dateTime gt” is not known here."),
        (f"{FIRST}/1", {"leftOperand": "dateTime", "operator": "gteq", "rightOperand": 1}, f"{FIRST}/1", "said before"),
        (f"{FIRST}/2", ..., FIRST, "Only what is received"),
        (f"{FIRST}/2/rightOperand/@id", "nr:dawn", f"{FIRST}/2/rightOperand", "not known"),
        (f"{FIRST}/3/rightOperand/@value", "-P3D", f"{FIRST}/3/rightOperand/@value", "above nothing"),
        (f"{FIRST}/3/rightOperand/@value", "3 days", f"{FIRST}/3/rightOperand/@value", "above nothing"),
        (f"{FIRST}/4/rightOperand", 0, f"{FIRST}/4/rightOperand", "above nothing"),
        (f"{FIRST}/4/rightOperand", "5", f"{FIRST}/4/rightOperand", "whole number"),
        (f"{FIRST}/4/unit", {"@id": "nr:bench"}, f"{FIRST}/4/unit", "“nr:bench” is not known here."),
        (f"{FIRST}/4/unit", ..., f"{FIRST}/4/unit", "This is missing."),
        (f"{FIRST}/5/rightOperand/0/@id", "http://cvx.iptc.org/iso3166-1a2/ZZ", f"{FIRST}/5/rightOperand", "“ZZ”"),
        (f"{FIRST}/6/rightOperand/0/@id", "nr:smoke", f"{FIRST}/6/rightOperand/0", "not known"),
        ("/permission/1/constraint/4", ..., "/permission/1/constraint", "these are others"),
        ("/permission/0/duty/0/constraint/0/operator", "lt", "/permission/0/duty/0/constraint/0/operator", "not known"),
        ("/permission/0/duty/0/constraint", [], "/permission/0/duty/0/constraint", "Exactly one"),
        ("/nr:clauses", {"nr:colour": "x"}, "/nr:clauses/nr:colour", "This is not known here."),
        ("/nr:clause", ..., "/nr:clause", "This is missing."),
        ("/prohibition", [{"action": "read"}], "/prohibition/0/action", "“read” is not known here."),
        ("/nr:unused", {"nr:seatKind": {"@id": "nr:namedSeat"}}, "/nr:unused/nr:seatKind", "not known"),
    ],
)
def test_what_a_licence_cannot_say_is_refused_with_its_place(path, value, where, says):
    with pytest.raises(BadRights) as refusal:
        read_granted(changed(write_granted(LICENCE), path, value))
    assert refusal.value.path == where
    assert says in str(refusal.value)
    assert str(refusal.value).startswith(f"{where}: ")


PAY = "/permission/0/duty/0/action/0/refinement/0"


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (f"{PAY}/rightOperand/@value", "2.505", f"{PAY}/rightOperand"),
        (f"{PAY}/rightOperand/@value", "-1", f"{PAY}/rightOperand/@value"),
        (f"{PAY}/rightOperand/@value", "NaN", f"{PAY}/rightOperand/@value"),
        (f"{PAY}/unit/@id", "http://cvx.iptc.org/iso4217a/EURO", f"{PAY}/rightOperand"),
        (f"{PAY}/unit/@id", "eur", f"{PAY}/unit"),
        (f"{PAY}/leftOperand", "percentage", f"{PAY}/leftOperand"),
    ],
)
def test_a_price_that_is_none_is_refused_with_its_place(path, value, where):
    with pytest.raises(BadRights) as refusal:
        read_granted(changed(write_granted(LICENCE), path, value))
    assert refusal.value.path == where


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("/@type", "Agreement", "/@type"),
        ("/target/dct:available", ..., "/target/dct:available"),
        ("/target/@type", "AssetCollection", "/target/@type"),
        ("/permission/0/action", "read", "/permission/0/action"),
        ("/permission/0/duty/0/action", "compensate", "/permission/0/duty/0/action"),
        ("/prohibition/0/action", "breathe", "/prohibition/0/action"),
        ("/prohibition/1/action", "read", "/prohibition/1/action"),
        ("/prohibition/1/constraint/0/operator", "isNoneOf", "/prohibition/1/constraint/0"),
        ("/prohibition/1/constraint", [], "/prohibition/1/constraint"),
        ("/prohibition/5/constraint/0/rightOperand/0/@id", "nr:web", "/prohibition/6"),
        ("/nr:clause", "x", "/nr:clause"),
    ],
)
def test_what_a_story_cannot_say_is_refused_with_its_place(path, value, where):
    with pytest.raises(BadRights) as refusal:
        read_reserved(changed(write_reserved(STORY), path, value))
    assert refusal.value.path == where


@pytest.mark.parametrize("document", [None, [], "x", 7, {}])
def test_what_is_no_policy_at_all_is_refused(document):
    for read in (read_granted, read_reserved):
        with pytest.raises(BadRights):
            read(document)


def test_uses_on_different_channels_are_refused():
    both = Granted(
        **{name: getattr(LICENCE, name) for name in LICENCE.__slots__} | {"uses": frozenset({"publish", "syndicate"})}
    )
    document = write_granted(both)
    document["permission"][1]["constraint"][-1]["rightOperand"] = [{"@id": "nr:print"}]
    with pytest.raises(BadRights, match="same channels"):
        read_granted(document)


def test_one_thing_may_stand_where_a_list_could():
    document = write_granted(LICENCE)
    refinement = document["target"]["refinement"][0]
    document["target"]["refinement"] = refinement | {"rightOperand": refinement["rightOperand"][0]}
    assert read_granted(document) == LICENCE


def test_every_use_and_limit_has_its_term():
    assert set(ACTIONS) == set(Use)
    assert set(LIMITS) == {name for name in Limits.__dataclass_fields__ if name not in {"seat_kind", "clauses"}}
    assert (len(set(ACTIONS.values())), len(CONTEXT)) == (len(Use), 2)
    assert {SeatKind.NAMED, SeatKind.FLOATING, *Rendition} == {*SeatKind, *Rendition}


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"uid": ""}, "a policy needs uid"),
        ({"permission": [], "prohibition": []}, "a policy needs a rule"),
        ({"assignee": None}, "permission/0: a rule needs assignee"),
        ({"permission": [{"constraint": []}]}, "permission/0: a rule needs action"),
        (
            {"permission": [{"action": "read", "constraint": [{"operator": "eq"}]}]},
            "permission/0: a constraint needs leftOperand",
        ),
    ],
)
def test_our_check_against_the_model_finds_faults(broken, fault):
    assert fault in model.faults(write_granted(LICENCE) | broken)
