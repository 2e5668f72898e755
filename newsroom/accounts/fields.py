"""A network as PostgreSQL keeps it."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class CidrField(models.Field):  # type: ignore[type-arg]  # generic only in the stubs
    """An IPv4 or IPv6 network, as text: `192.0.2.0/24`. PostgreSQL's `cidr`: host bits are refused."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "cidr"

    def from_db_value(self, value: Any, *args: Any) -> str | None:
        return None if value is None else str(value)


@CidrField.register_lookup
class Contains(models.Lookup):
    """`cidr__holds="192.0.2.7"`: the address lies in the network."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> str:
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} >>= %s::inet", (*params, self.rhs)


@CidrField.register_lookup
class Overlaps(models.Lookup):
    """`cidr__overlaps="192.0.2.0/24"`: the two networks have an address in common."""

    lookup_name = "overlaps"

    def get_prep_lookup(self) -> str:
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} && %s::inet", (*params, self.rhs)
