"""From the price lines of a contract to a paid invoice."""
