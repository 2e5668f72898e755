"""The API for other sites and edges: what may be used, uses reported, short tokens. It never hands out a text."""
