"""Writing and releasing stories."""
