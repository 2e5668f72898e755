import pytest

from tests import conftest, services


@pytest.mark.parametrize(
    ("worker", "url", "expected"),
    [
        (0, "redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/2"),
        (1, "redis://127.0.0.1:6379/2", "redis://127.0.0.1:6379/10"),
        (1, "redis://127.0.0.1:6379", "redis://127.0.0.1:6379/8"),
        (1, "unix:///run/valkey.sock?db=0", "unix:///run/valkey.sock?db=8"),
        (3, "unix:///run/valkey.sock", "unix:///run/valkey.sock?db=24"),
    ],
)
def test_each_worker_has_a_number_of_its_own_on_the_same_server(worker, url, expected):
    assert services.redis_of(worker, url) == expected


def a_report(outcome: str) -> pytest.TestReport:
    return pytest.TestReport("a test", ("", 0, ""), {}, outcome, "why", "call")


def test_in_ci_what_was_skipped_has_failed(monkeypatch):
    monkeypatch.setenv("CI", "true")
    reports = [conftest.refuse_skips(a_report(outcome)) for outcome in ("passed", "failed", "skipped")]
    assert [report.outcome for report in reports] == ["passed", "failed", "failed"]
    assert reports[2].longrepr == "skipped, which CI does not allow: why"


def test_elsewhere_a_skip_is_a_skip(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    assert conftest.refuse_skips(a_report("skipped")).outcome == "skipped"
