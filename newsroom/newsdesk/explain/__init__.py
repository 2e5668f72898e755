"""Why somebody may or may not use a story, at any moment: the gate's own walk, in words."""
