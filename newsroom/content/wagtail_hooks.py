"""What Wagtail asks of the desk's stories."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from newsroom.wire.rules import Signal


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """Withholding and killing have their lines in a story's history, with the note."""

    class Noted(LogFormatter):
        def format_message(self, log_entry: Any) -> Any:
            return _("%(deed)s: %(note)s") % {"deed": self.label, "note": log_entry.data.get("note", "")}

    @actions.register_action(f"content.{Signal.WITHHOLD}")
    class Withheld(Noted):
        label = _("Withheld")

    @actions.register_action(f"content.{Signal.KILL}")
    class Killed(Noted):
        label = _("Killed")
