"""A news item as we understand it, whatever dialect it came in."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Literal

Status = Literal["usable", "withheld", "canceled"]
LATER = ("keywords", "expires_at", "supplier_terms")


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One version of a provider's story. `summary` is the provider's own description, empty when there is none."""

    uri: str
    headline: str
    version: str = ""
    version_created: datetime | None = None
    status: Status = "usable"
    language: str = ""
    slugline: str = ""
    summary: str = ""
    body_html: str = field(default="", repr=False)
    byline: str = ""
    dateline: str = ""
    genre: str = ""
    urgency: int | None = None
    subjects: tuple[str, ...] = ()
    place: str = ""
    note: str = ""
    usage_terms: str = ""
    embargo_until: datetime | None = None
    provider: str = ""
    keywords: tuple[str, ...] = ()
    expires_at: datetime | None = None
    supplier_terms: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of what the item says, the same from every dialect."""
        content = asdict(replace(self, version=""))
        for name in LATER:  # items that were taken in before we read these keep their digest
            if not content[name]:
                del content[name]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def source_version(self) -> str:
        """The provider's version, else the hash of the content."""
        return self.version or f"sha256:{self.digest[:32]}"
