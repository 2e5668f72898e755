"""Changes that no test notices, and why none should. By file, and in it by place and change."""

ARGUED: dict[str, dict[str, str]] = {}
