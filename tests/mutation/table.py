"""Which tests specify which file. A change is tried on those of them that run its line, the quick ones first."""

API = tuple(
    f"tests/delivery/api/test_{name}.py" for name in ("check", "freshness", "problems", "revocations", "tokens", "uses")
)
JUDGED = tuple(f"tests/access/test_{name}.py" for name in ("limits", "decide", "book", "steps", "readable"))
CONTRACTS = tuple(
    f"tests/licensing/contracts/test_{name}.py" for name in ("life", "bad_input", "due", "held", "dates", "words")
)

TESTS: dict[str, tuple[str, ...]] = {
    "newsroom/access/rules.py": JUDGED,
    "newsroom/access/terms.py": (
        "tests/access/test_decide.py",
        "tests/access/test_explain.py",
        "tests/access/test_settle.py",
        "tests/licensing/test_gifts.py",
        "tests/licensing/test_meter.py",
        "tests/licensing/test_seats.py",
        "tests/content/test_restrictions.py",
    ),
    "newsroom/access/book.py": ("tests/access/test_book.py", "tests/access/test_limits.py"),
    "newsroom/access/settle.py": (
        "tests/access/test_settle.py",
        "tests/access/test_spending_model.py",
        "tests/licensing/test_meter.py",
        "tests/licensing/test_gifts.py",
    ),
    "newsroom/access/metered.py": (
        "tests/licensing/test_meter.py",
        "tests/access/test_settle.py",
        "tests/portal/test_meter.py",
    ),
    "newsroom/access/prices.py": ("tests/access/test_settle.py", "tests/access/test_spending_model.py"),
    "newsroom/access/newest.py": ("tests/access/test_newest.py",),
    "newsroom/access/querysets.py": (
        "tests/access/test_readable.py",
        "tests/access/test_decide.py",
        "tests/access/test_newest.py",
    ),
    "newsroom/access/decide.py": (
        "tests/access/test_decide.py",
        "tests/access/test_settle.py",
        "tests/licensing/test_meter.py",
        "tests/licensing/test_gifts.py",
        "tests/licensing/test_passes.py",
    ),
    "newsroom/access/steps.py": ("tests/access/test_steps.py", "tests/access/test_explain.py"),
    "newsroom/access/codes.py": ("tests/access/test_codes.py", "tests/delivery/api/test_problems.py"),
    "newsroom/access/explain.py": ("tests/access/test_explain.py", "tests/newsdesk/test_explain.py"),
    "newsroom/access/entitlements.py": API,
    "newsroom/access/peek.py": API,
    "newsroom/access/warm.py": API,
    "newsroom/access/epochs.py": API,
    "newsroom/access/callers.py": API,
    "newsroom/access/changes.py": API,
    "newsroom/access/giving.py": ("tests/licensing/test_gifts.py",),
    "newsroom/access/search.py": (
        "tests/access/test_decide.py",
        "tests/licensing/test_gifts.py",
        "tests/licensing/test_meter.py",
    ),
    "newsroom/licensing/rules.py": (
        "tests/licensing/test_terms.py",
        "tests/licensing/test_counting.py",
        "tests/access/test_settle.py",
        "tests/access/test_limits.py",
    ),
    "newsroom/licensing/terms.py": ("tests/licensing/test_terms.py", "tests/licensing/test_actions.py"),
    "newsroom/licensing/contracts/rules.py": CONTRACTS,
}
