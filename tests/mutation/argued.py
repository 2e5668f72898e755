"""Changes that no test notices, and why none should. By file, and in it by place and change."""

NUMBERED = "whoever is weighed has a number: the 0 is for the type checker"
APART = "who has no end stands apart by another part of the key; this one is compared among its like only"

ARGUED: dict[str, dict[str, str]] = {
    "newsroom/access/rules.py": {
        "Rights: 0 → -1": "no item has the number 0, nor -1",
        "ranked: Tier.NOTHING → Tier.SUMMARY": "`refusal` takes the reason of this no and says the tier anew",
        "weigh: if terms.limits is not NO_LIMITS → if True": "speed only: where nothing is limited `_limited` says the same",
        "preference: 0.0 → 1.0": APART,
        "preference: 0.0 → -1.0": APART,
        "preference: answer.licence_id or 0 → answer.licence_id": NUMBERED,
        "preference: 0 → 1": NUMBERED,
        "preference: 0 → -1": NUMBERED,
        "distance: 0.0 → 1.0": APART,
        "distance: 0.0 → -1.0": APART,
        "distance: answer.licence_id or 0 → answer.licence_id": NUMBERED,
        "distance: 0 → 1": NUMBERED,
        "distance: 0 → -1": NUMBERED,
    },
}
