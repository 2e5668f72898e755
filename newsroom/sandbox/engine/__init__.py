"""A stand-in for Stripe: its rules, without a clock, a network or a database of its own."""
