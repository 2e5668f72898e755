"""What a reader changes about a running subscription. Each deed is a POST; no other page asks Stripe."""

from newsroom.billing.changing.codes import apply_code
from newsroom.billing.changing.held import CannotChange, PaymentDeclined
from newsroom.billing.changing.leaving import REASONS, cancel, offer_for, win_back
from newsroom.billing.changing.pausing import choices, pause, resume_now
from newsroom.billing.changing.plans import change, drop_pending, undo
from newsroom.billing.changing.previews import Preview, PreviewExpired, Target, preview, targets

__all__ = [
    "REASONS",
    "CannotChange",
    "PaymentDeclined",
    "Preview",
    "PreviewExpired",
    "Target",
    "apply_code",
    "cancel",
    "change",
    "choices",
    "drop_pending",
    "offer_for",
    "pause",
    "preview",
    "resume_now",
    "targets",
    "undo",
    "win_back",
]
