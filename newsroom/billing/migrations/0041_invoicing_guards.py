from django.db import migrations

from newsroom.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("billing", "0040_invoicing")]
    operations = [
        append_only("billing_invoiceplan", "order_id"),
        append_only("billing_billedoverage"),
        append_only("billing_dunningstep"),
    ]
