from django.db import migrations

from newsroom.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("wire", "0001_initial")]
    operations = [
        migrations.RunSQL("INSERT INTO wire_sequence (id, value) VALUES (1, 0)", "DELETE FROM wire_sequence"),
        append_only("wire_release", "is_head", "public_vector"),
        append_only("wire_vaultentry", "full_vector"),
        append_only("wire_publicpicture"),
    ]
