from django.db import migrations

from newsroom.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("licensing", "0030_contracts")]
    operations = [
        append_only("licensing_contract", "manager_id", "next_at"),
        append_only("licensing_contractversion", "recorded_to"),
        append_only("licensing_contractevent"),
        append_only("licensing_contractline"),
        append_only(
            "licensing_deletionduty",
            "reminders",
            "attested_at",
            "attested_by",
            "attested_user_id",
            "words",
            "withdrawn_at",
        ),
    ]
