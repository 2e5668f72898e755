"""The doors of the public site, one noun per file."""
