"""Finance: what the mirror means in accounts, in recurring money, and in reports. Each figure is the sum of its rows."""
