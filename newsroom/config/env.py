"""Every environment variable newsroom reads: its type, default and meaning.

Nothing else in the project reads the environment. `python -m newsroom.config.env` writes `.env.example`.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


class BadEnvironment(Exception):
    """A variable has a value we cannot use. The message names the variable."""


def _flag(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    try:
        return known[text.strip().lower()]
    except KeyError:
        raise ValueError("expected one of 1, 0, true, false, yes, no") from None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(word) for word in _words(text))


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return text

    return read


def variable(default: str, meaning: str, read: Callable[[str], Any] = str) -> Any:
    return field(metadata={"default": default, "meaning": meaning, "read": read})


@dataclass(frozen=True, slots=True)
class Env:
    NEWSROOM_MODE: str = variable(
        "development",
        "demo shows a mailbox and the sign-ins; production refuses unsafe settings",
        _one_of("development", "demo", "test", "production"),
    )
    SECRET_KEY: str = variable("", "signs sessions and links; required in production, 50 characters or more")
    DEBUG: bool = variable("0", "Django's debug pages; refused in production", _flag)
    BASE_URL: str = variable("http://127.0.0.1:8000", "the public address of the site, without a trailing slash")
    ALLOWED_HOSTS: tuple[str, ...] = variable("127.0.0.1,localhost,[::1]", "host names served, by comma", _words)
    DATABASE_URL: str = variable(
        "", "postgresql://user:password@host:port/name; empty: the demo and the tests start their own"
    )
    REDIS_URL: str = variable(
        "", "redis://host:port/0 or unix:///path?db=0; empty: the demo and the tests start their own"
    )
    CELERY_BROKER_URL: str = variable("", "amqp://… for RabbitMQ; empty: REDIS_URL")
    DATA_ROOT: Path = variable(
        str(ROOT / ".newsroom"), "where files live: pictures, logs of the demo, embedded services", Path
    )
    SITE_NAME: str = variable("Anka Wire", "the agency's name, as readers see it")
    SELLER_COUNTRY: str = variable("TR", "the country the agency sells from, two letters: whose tax its own sales bear")
    TIME_ZONE: str = variable("Europe/Istanbul", "the desk's time zone")
    EMAIL_URL: str = variable(
        "", "smtp://user:password@host:587; empty: mail is kept in the database and, in the demo, shown"
    )
    DEFAULT_FROM_EMAIL: str = variable("Anka Wire <noreply@anka-wire.example>", "the sender of mail")
    DISCOUNT_LIMIT: int = variable("15", "discount in percent above which another person approves a quote", int)
    BILLING_MODE: str = variable("off", "stripe, sandbox or off", _one_of("off", "sandbox", "stripe"))
    STRIPE_SECRET_KEY: str = variable("", "Stripe's secret key; with it BILLING_MODE must be stripe")
    STRIPE_WEBHOOK_SECRETS: tuple[str, ...] = variable("", "webhook signing secrets, newest first, by comma", _words)
    BEHIND_TLS: bool = variable("0", "the site is served over https: secure cookies and HSTS", _flag)
    TRUSTED_PROXIES: tuple[IPv4Network | IPv6Network, ...] = variable(
        "", "networks of our own proxies, by comma: of X-Forwarded-For only what they wrote is believed", _networks
    )
    COUNTRY_HEADER: str = variable(
        "", "the header in which our own proxies name the reader's country, such as CF-IPCountry; empty: none"
    )
    DNS_SERVERS: tuple[str, ...] = variable(
        "", "resolvers asked for proofs of mail domains, by comma; empty: those of /etc/resolv.conf", _words
    )
    GIFTS_A_MONTH: int = variable("10", "gift links a licensed reader may make in a month; staff: any number", int)
    BANK_DETAILS: str = variable("", "the agency's own account, as it stands at the foot of invoices to organisations")
    CONTRACT_SLACK_DAYS: int = variable(
        "14", "how long the licences of a contract that renews by itself outlive a renewal that is late", int
    )
    CONTRACT_DELETION_DAYS: int = variable(
        "30", "within how many days of a contract's end its customer attests that copies are deleted", int
    )
    LOG_LEVEL: str = variable("INFO", "least level logged", _one_of("DEBUG", "INFO", "WARNING", "ERROR"))


def read(environ: Mapping[str, str]) -> Env:
    """The environment, typed. Raises BadEnvironment naming the variable that cannot be read."""
    values: dict[str, Any] = {}
    for each in fields(Env):
        text = environ.get(each.name, each.metadata["default"])
        try:
            values[each.name] = each.metadata["read"](text)
        except ValueError as error:
            raise BadEnvironment(f"{each.name}={text!r}: {error}") from None
    return Env(**values)


def example() -> str:
    """The text of `.env.example`."""
    lines = ["# Every variable newsroom reads. Written by: python -m newsroom.config.env"]
    for each in fields(Env):
        default = each.metadata["default"].replace(str(ROOT), ".")
        lines += ["", f"# {each.metadata['meaning']}", f"#{each.name}={default}"]
    return "\n".join(lines) + "\n"


def _or_exit() -> Env:
    try:
        return read(os.environ)
    except BadEnvironment as error:
        sys.exit(f"newsroom: {error}")


env = _or_exit()

if __name__ == "__main__":
    sys.stdout.write(example())
