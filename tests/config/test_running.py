from newsroom.config import running


def test_a_command_beside_a_running_demo_means_that_site(tmp_path):
    facts = {"DATABASE_URL": "postgresql:///demo", "REDIS_URL": "redis://x", "SECRET_KEY": "s", "PATH": "/bin"}
    path = running.note(facts, tmp_path)
    environ = {"PATH": "/usr/bin"}
    assert running.join(environ, tmp_path)
    assert environ == facts | {"PATH": "/usr/bin"}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_named_database_is_never_replaced_and_without_a_demo_nothing_changes(tmp_path):
    environ = {"DATABASE_URL": "postgresql:///mine"}
    assert not running.join({}, tmp_path)
    running.note({"DATABASE_URL": "postgresql:///demo"}, tmp_path)
    assert not running.join(environ, tmp_path)
    assert environ == {"DATABASE_URL": "postgresql:///mine"}
