"""What was used, what was not, and the proof of it."""
