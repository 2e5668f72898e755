"""The API over HTTP, and the pages that Stripe would host."""
