"""What is asked and answered, as the documentation shows it and as input is checked."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from newsroom.core.countries import is_country
from newsroom.licensing.rules import Channel, Rendition, Use

MOST = 100
RENDITIONS = {each.name.lower(): each.value for each in Rendition}
CLEAN = r"^[^\x00-\x1f\x7f]+$"
UseName = Literal["read", "download", "publish", "syndicate", "receive", "ai-train", "ai-input", "ai-index"]
ChannelName = Literal["web", "print", "broadcast", "social", "newsletter"]
RenditionName = Literal["thumbnail", "web", "print", "original"]
assert [each.value for each in Use] == list(UseName.__args__)  # type: ignore[attr-defined]  # a Literal has them
assert [each.value for each in Channel] == list(ChannelName.__args__)  # type: ignore[attr-defined]
assert list(RENDITIONS) == list(RenditionName.__args__)  # type: ignore[attr-defined]


def a_country(code: str) -> str:
    if not is_country(code):
        raise ValueError("not a country of ISO 3166-1, in capitals")
    return code


Country = Annotated[str, AfterValidator(a_country)]
ItemName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=500,
        pattern=CLEAN,
        description="The story's URI, or its address on our site (`https://…/story/…/`, `/story/…/`, or the last part).",
        examples=["urn:newsroom:story:4711"],
    ),
]
Format = Annotated[str, Field(max_length=20, pattern=r"^[a-z0-9.-]*$", description="What it is handed out in.")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class Behalf(Strict):
    """One of your organisation's members, by e-mail address or by a token we issued for them."""

    email: Annotated[str, Field(min_length=3, max_length=254, pattern=CLEAN)] | None = None
    token: Annotated[str, Field(min_length=20, max_length=8000, pattern=r"^[A-Za-z0-9._-]+$")] | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> "Behalf":
        if (self.email is None) == (self.token is None):
            raise ValueError("give either email or token")
        return self


class Asked(Strict):
    """One story and how it would be used."""

    item: ItemName
    use: UseName = "read"
    channel: ChannelName | None = Field(None, description="Where it would be published; of publishing uses only.")
    territory: Country | None = Field(None, description="Where it would happen: ISO 3166-1 alpha-2.", examples=["TR"])
    format: Format = ""
    rendition: RenditionName | None = Field(None, description="How large a picture.")


class Batch(Strict):
    questions: list[Asked] = Field(min_length=1, max_length=MOST)
    on_behalf_of: Behalf | None = None


class Entitlement(Schema):
    """The gate's answer. A story that must not even show is answered like one that does not exist."""

    item: str = Field(description="As it was asked.")
    use: UseName
    allowed: bool
    tier: Literal["nothing", "summary", "full"] = Field(description="How much of the story may be seen.")
    code: str = Field(
        description="`free` or `licensed`; else why not, as in a problem document.", examples=["licensed"]
    )
    clause: str = Field(description="The words that decided.")
    licence: int | None = Field(description="The licence that says yes, or nearly did.")
    version: int | None = Field(description="Which version of the licence said so.")
    until: datetime | None = Field(description="The date that matters: an end, a start or a lifting.")
    remaining: int | None = Field(description="How many more stories the quota has; null where none counts.")
    unlock: str = Field(description="What would turn this no into a yes.", examples=["ask_sales"])
    problem: dict[str, Any] | None = Field(description="Of a no: the problem document (RFC 9457) with its way out.")


class Entitlements(Schema):
    answers: list[Entitlement] = Field(description="In the order of the questions.")


class UseReport(Asked):
    """A use that happens now. The same `request_id` again is the same use and costs nothing."""

    request_id: str = Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$", examples=["order-2026-000123"])
    on_behalf_of: Behalf | None = None
    accept_price: str = Field(
        "", max_length=1000, pattern=r"^[\x21-\x7e]*$", description="The token of a price: `problem.accept`."
    )


class UseAnswer(Entitlement):
    """The answer to a reported use: a yes stands in the ledger, a no left nothing behind. It never holds a text."""

    request_id: str
    repeated: bool = Field(description="This request id was answered before; nothing was counted again.")


class TokenWanted(Strict):
    audience: Annotated[str, Field(min_length=8, max_length=200, pattern=CLEAN, examples=["https://edge.example"])]
    on_behalf_of: Behalf | None = None
    seconds: int = Field(300, ge=30, le=300, description="How long it lives.")


class TokenAnswer(Schema):
    token: str = Field(description="A JWT, to be verified as docs/api.md shows.")
    expires_at: datetime
    kid: str


class WrongField(Schema):
    field: str
    message: str


class ProblemDocument(Schema):
    """RFC 9457, as `application/problem+json`. `code` is stable; each carries members of its own besides."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: list[WrongField] | None = None
