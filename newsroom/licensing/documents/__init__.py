"""Documents on paper: numbered, hashed, typeset, verified. What a document says is `shape.Paper`."""
