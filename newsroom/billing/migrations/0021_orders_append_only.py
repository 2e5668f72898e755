from django.db import migrations

from newsroom.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("billing", "0020_purchases")]
    operations = [append_only("billing_order")]
