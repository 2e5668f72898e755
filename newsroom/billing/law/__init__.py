"""Consumer law as features: what a country gives those who buy as consumers. One table, each row with its sources."""
