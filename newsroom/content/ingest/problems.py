"""What can be wrong with a file or an item. The message names the place; it is safe to show."""

from dataclasses import dataclass

from newsroom.core.errors import Refused


class BadFile(Refused):
    """The file, or a line of it, cannot be read as JSON."""


class BadItem(Refused):
    """A field of the item cannot be used."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class NoStory(Refused):
    """The item is of a kind that is no story: an event, a sound, a film, a picture without a text."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind}: no story")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Where:
    """A place in an import: the file, and the item's number in it from 1 (0: the file itself)."""

    file: str
    item: int = 0

    def __str__(self) -> str:
        return f"{self.file}: item {self.item}" if self.item else self.file
