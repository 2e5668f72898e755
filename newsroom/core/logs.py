"""What is logged, and how: JSON lines for machines, readable lines for the demo.

A log never holds a body, a cookie, an authorization, a secret or what somebody typed into a form. The messages of
most exceptions may ("Key (email)=(…) already exists", "could not convert …"), so only those known to be harmless
are written; of the others their kind and where they were raised.
"""

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Iterable
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from structlog.typing import EventDict, Processor

HIDDEN = "[hidden]"
SECRET_NAME = re.compile(
    r"(?:^|[_-])(?:pass(?:word|wd)?|secret|token|cookie|authori[sz]ation|api_?key|session|signature|csrf\w*"
    r"|body|html|full_?text|post|form|data|payload|card)s?(?:$|[_-])",
    re.IGNORECASE,
)
SECRET_VALUE = re.compile(
    r"(?P<key>\b(?:sk|rk|pk|whsec|nk)_[A-Za-z0-9_-]+)"
    r"|(?P<login>(?<=://)[^/\s@:]*:[^/\s@]+(?=@))"
    r"|(?P<bearer>(?<=Bearer )\S+|(?<=Basic )\S+)",
)
HARMLESS = (ImproperlyConfigured, OperationalError)
TASK_FACTS = frozenset({"id", "name", "hostname", "runtime", "description", "internal"})


def configure(config: dict[str, Any]) -> None:
    """Set up logging for the process: `{"level": "INFO", "lines": "json" | "readable"}`."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        name_request,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        trace,
        scrub,
    ]
    as_lines: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if config["lines"] == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": before,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_lines],
    }
    handler = {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["discreet"]}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"discreet": {"()": Discreet}},
            "formatters": {"lines": formatter},
            "handlers": {"stderr": handler},
            "root": {"handlers": ["stderr"], "level": config["level"]},
            "loggers": {
                "django.db.backends": {"level": "INFO"},  # at DEBUG it writes each query with its values
                "kombu": {"level": "INFO"},
                "wagtail": {"level": "WARNING"},  # each edit has its line in the audit log
                "amqp": {"level": "INFO"},
                "stripe": {"level": "WARNING"},  # at INFO it writes requests, at DEBUG their bodies
                "urllib3": {"level": "INFO"},
                "django_tasks": {"level": "WARNING"},
            },
        }
    )


class Discreet(logging.Filter):
    """Takes out of the records of Django and Celery what they bring along unasked."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "unmatched"
            record.args = tuple(route if arg == path else arg for arg in record.args)
        if isinstance(record.args, dict):  # Celery's: the task's name and number, and what it was given and gave back
            record.args = {name: value if name in TASK_FACTS else HIDDEN for name, value in record.args.items()}
        return True


def name_request(logger: Any, method: str, event: EventDict) -> EventDict:
    """Django tells of a 404 when the middlewares are done; the request itself still knows its number."""
    request = getattr(event.get("_record"), "request", None)
    request_id = getattr(request, "request_id", "")
    if request_id:
        event.setdefault("request_id", request_id)
    return event


def trace(logger: Any, method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the kinds of its exceptions and the places they passed."""
    given = event.pop("exc_info", None)
    error = sys.exception() if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error))
    return event


def _told(error: BaseException) -> Iterable[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _told(cause)
        yield "which led to"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    kind = type(error)
    ours = kind.__module__.startswith("newsroom.")
    yield f"{kind.__module__}.{kind.__qualname__}" + (f": {error}" if ours or isinstance(error, HARMLESS) else "")


def scrub(logger: Any, method: str, event: EventDict) -> EventDict:
    """Hide what is named like a secret or looks like one, at any depth."""
    return {name: HIDDEN if _secret(name) else _scrubbed(value) for name, value in event.items()}


def _secret(name: str) -> bool:
    return not name.startswith("_") and bool(SECRET_NAME.search(name))


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return SECRET_VALUE.sub(HIDDEN, value)
    if isinstance(value, dict):
        return {name: HIDDEN if _secret(str(name)) else _scrubbed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(each) for each in value]
    return value
