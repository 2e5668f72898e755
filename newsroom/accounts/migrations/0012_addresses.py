from django.db import migrations

from newsroom.accounts.rules import host_of


def remember(apps, schema_editor):
    """What is verified today was verified, as far as we know, since the person came."""
    EmailAddress = apps.get_model("account", "EmailAddress")
    Address = apps.get_model("accounts", "Address")
    known = EmailAddress.objects.filter(verified=True).select_related("user")
    Address.objects.bulk_create(
        (
            Address(user_id=each.user_id, email=each.email.lower(), host=host_of(each.email), valid_from=each.user.date_joined)
            for each in known.iterator()
        ),
        batch_size=1000,
    )


def forget(apps, schema_editor):
    apps.get_model("accounts", "Address").objects.all().delete()


class Migration(migrations.Migration):
    """The addresses that were verified before we kept their past."""

    dependencies = [("accounts", "0011_kept"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [migrations.RunPython(remember, forget)]
