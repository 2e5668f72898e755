"""What each field of what the wire holds or hands out is: public, sold, or nobody's. A field that is not here fails."""

from newsroom.wire import models
from newsroom.wire.vault import Opened, VaultEntry
from newsroom.wire.views import FullText, Notice, Picture, PublicImage, Summary, TopicLabel

PUBLIC, SOLD, NEVER = "public", "sold", "never"

MODELS = {
    models.Item: {
        PUBLIC: "id uri slug head signal first_released_at",
        NEVER: "",
    },
    models.Release: {
        PUBLIC: "id item version signal public_tier headline slugline summary byline dateline language desk genre urgency"
        " place topics note released_at shown_at pictures provider",
        SOLD: "usage_terms",
        NEVER: "sequence is_head topics_all embargo_until source_version public_vector keywords keywords_folded territories_out"
        " channels_out uses_out archive expires_at supplier_terms",
    },
    models.PublicPicture: {
        PUBLIC: "token width height credit",
        NEVER: "id release position digest renditions",
    },
    models.Tombstone: {PUBLIC: "reason status", NEVER: "id release address at"},
    models.Stamp: {NEVER: "id product release version shown_at"},
    VaultEntry: {SOLD: "body_html pictures", NEVER: "release body_text full_vector"},
}
"""The tables of the wire. `never`: it leaves in no answer."""

VIEWS = {
    Summary: {
        PUBLIC: "item_id release_id uri slug headline summary slugline byline dateline language direction desk_code"
        " desk_label topics place genre urgency version signal note public_tier first_released_at released_at shown_at"
        " pictures provider",
    },
    PublicImage: {PUBLIC: "token width height credit"},
    TopicLabel: {PUBLIC: "code label"},
    Notice: {PUBLIC: "uri slug signal headline note language direction at"},
    FullText: {PUBLIC: "summary", SOLD: "body_html pictures usage_terms"},
    Picture: {PUBLIC: "token width height credit", SOLD: "position alt caption"},
    Opened: {SOLD: "body_html pictures"},
}
"""What leaves the wire. A public type holds public fields only."""
