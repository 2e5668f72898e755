"""The life of a contract: from its first lines to the last copy deleted."""
