from django.db import migrations, models

from newsroom.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("licensing", "0080_proof")]
    operations = [
        migrations.AddField(
            model_name="contract",
            name="rests_from",
            field=models.DateTimeField(null=True, verbose_name="rests unless paid by"),
        ),
        migrations.RunSQL(
            "DROP TRIGGER append_only ON licensing_contract;",
            append_only("licensing_contract", "manager_id", "next_at").sql,
        ),
        migrations.RunSQL(
            append_only("licensing_contract", "manager_id", "next_at", "rests_from").sql,
            "DROP TRIGGER append_only ON licensing_contract;",
        ),
    ]
