"""What follows when others write: the sign-in package an address, anybody a network."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from newsroom.accounts import addresses, networks
from newsroom.accounts.models import Network, User
from newsroom.core.clock import now


@receiver(post_save, sender=EmailAddress, dispatch_uid="accounts.follow_address")
def follow_address(*, instance: EmailAddress, **_: Any) -> None:
    addresses.follow(user_id=instance.user_id, email=instance.email, verified=instance.verified, at=now())


@receiver(post_delete, sender=EmailAddress, dispatch_uid="accounts.drop_address")
def drop_address(*, instance: EmailAddress, **_: Any) -> None:
    addresses.follow(user_id=instance.user_id, email=instance.email, verified=False, at=now())


@receiver(password_reset, dispatch_uid="accounts.prove_address")
def prove_address(*, user: User, **_: Any) -> None:
    """Who was let in by an agreement has an account, and no address proven yet: the mail's link has proven the only one."""
    if not EmailAddress.objects.filter(user=user).exclude(email=user.email).exists():
        proven = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults=proven)


@receiver([post_save, post_delete], sender=Network, dispatch_uid="accounts.forget_networks")
def forget_networks(**_: Any) -> None:
    """At once for this process, and for all once it is true."""
    networks.forget()
    transaction.on_commit(networks.forget, robust=True)
