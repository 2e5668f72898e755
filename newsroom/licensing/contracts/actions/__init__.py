"""Deeds on contracts. Each locks its contract, writes one line of timeline and audit, and brings the licences along."""

from newsroom.licensing.contracts.actions.activating import activate, assign
from newsroom.licensing.contracts.actions.amending import amend, withdraw_amendment
from newsroom.licensing.contracts.actions.deleting import attest, waive
from newsroom.licensing.contracts.actions.due import due
from newsroom.licensing.contracts.actions.ending import expire, terminate, withdraw_termination
from newsroom.licensing.contracts.actions.noticing import give_notice, withdraw_notice
from newsroom.licensing.contracts.actions.quoting import activate_quote
from newsroom.licensing.contracts.actions.renewing import renew
from newsroom.licensing.contracts.actions.resting import rest_from
from newsroom.licensing.contracts.actions.suspending import resume, suspend

__all__ = [
    "activate",
    "activate_quote",
    "amend",
    "assign",
    "attest",
    "due",
    "expire",
    "give_notice",
    "renew",
    "rest_from",
    "resume",
    "suspend",
    "terminate",
    "waive",
    "withdraw_amendment",
    "withdraw_notice",
    "withdraw_termination",
]
