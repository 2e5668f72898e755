"""Compiles the translations without gettext's tools, which a bare machine does not have."""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

NEWSROOM = Path(__file__).resolve().parent.parent


def compile_all(root: Path = NEWSROOM) -> list[Path]:
    """Write each `.mo` that is missing or older than its `.po`; returns what was written."""
    return [_compile(source) for source in sorted(root.rglob("LC_MESSAGES/*.po")) if _stale(source)]


def _stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    """Whole or not at all: several processes may do this at once."""
    compiled, fresh = source.with_suffix(".mo"), source.with_suffix(f".{os.getpid()}")
    with source.open("rb") as words, fresh.open("wb") as target:
        write_mo(target, read_po(words, locale=source.parent.parent.name, abort_invalid=True))
    return fresh.replace(compiled)


if __name__ == "__main__":
    for each in compile_all():
        sys.stdout.write(f"{each.relative_to(NEWSROOM)}\n")
