"""Money for those who keep it: what Stripe told us, what we asked of it, where we differed, and one customer's story."""
