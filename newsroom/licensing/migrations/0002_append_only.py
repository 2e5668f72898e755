from django.db import migrations

from newsroom.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_initial")]
    operations = [
        append_only("licensing_usage"),
        append_only("licensing_licenceversion", "recorded_to"),
        append_only("licensing_licence"),
    ]
