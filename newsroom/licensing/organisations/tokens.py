"""Tokens of links in mails: 128 random bits, of which only the digest is kept. Pure but for the chance."""

import hashlib
import secrets


def new() -> tuple[str, str]:
    """A token and its digest."""
    token = secrets.token_urlsafe(16)
    return token, digest(token)


def digest(token: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
