"""Is everything there that newsroom needs?"""

from collections.abc import Iterable

import kombu.exceptions
import redis.exceptions
from celery import current_app
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def missing() -> list[str]:
    """Names of what is not there: `database`, `migration wire.0002_…`, `cache`, `broker`. Empty: all is well."""
    return [*_database(), *_cache(), *_broker()]


def _database() -> Iterable[str]:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        connection.close()
        return ["database"]
    return [f"migration {migration.app_label}.{migration.name}" for migration, _ in plan]


def _cache() -> Iterable[str]:
    try:
        cache.get("readyz")
    except redis.exceptions.RedisError:
        return ["cache"]
    return []


def _broker() -> Iterable[str]:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
    except (kombu.exceptions.OperationalError, OSError):
        return ["broker"]
    return []
