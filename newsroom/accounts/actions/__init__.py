"""Deeds on organisations and where their people come from."""

from newsroom.accounts.actions.domains import (
    NotProven,
    add_domain,
    check_claim,
    claim_domain,
    end_domain,
    record_name,
    withdraw_claim,
)
from newsroom.accounts.actions.networks import add_network, end_network
from newsroom.accounts.actions.settings import set_join_rule
from newsroom.accounts.resolver import Unresolved

__all__ = [
    "NotProven",
    "Unresolved",
    "add_domain",
    "add_network",
    "check_claim",
    "claim_domain",
    "end_domain",
    "end_network",
    "record_name",
    "set_join_rule",
    "withdraw_claim",
]
