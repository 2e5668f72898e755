"""A list of summaries as RSS 2.0 or Atom (RFC 4287)."""

from dataclasses import dataclass
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

from newsroom.wire.views import Summary


@dataclass(frozen=True, slots=True)
class Channel:
    """What the feed is, and where: absolute addresses of the feed and of the page it follows."""

    title: str
    subtitle: str
    language: str
    page_url: str
    feed_url: str
    site_name: str
    base_url: str


class Atom(Atom1Feed):
    """Atom in which each entry says its own language: one feed holds stories in several."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        return {"xml:lang": item["language"]}


class Rss(Rss201rev2Feed):
    """RSS in which each entry says its own language (Dublin Core)."""

    def rss_attributes(self) -> dict[str, Any]:
        return {**super().rss_attributes(), "xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:language", item["language"])


FORMATS: dict[str, type[SyndicationFeed]] = {"atom": Atom, "rss": Rss}


def write(kind: str, channel: Channel, stories: list[Summary]) -> str:
    """The feed as text. `kind` is `atom` or `rss`."""
    feed = FORMATS[kind](
        title=channel.title,
        link=channel.page_url,
        description=channel.subtitle,
        language=channel.language,
        feed_url=channel.feed_url,
        author_name=channel.site_name,
        subtitle=channel.subtitle,
    )
    for story in stories:
        feed.add_item(
            title=story.headline,
            link=channel.base_url + story.url_path,
            description=story.summary,
            unique_id=story.uri,
            unique_id_is_permalink=False,
            pubdate=story.first_released_at,
            updateddate=story.released_at,
            author_name=story.byline or channel.site_name,
            categories=[topic.label for topic in story.topics],
            language=story.language,
        )
    return feed.writeString("utf-8")
