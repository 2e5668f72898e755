"""Taking texts away by order, and letting go of persons who ask for it."""
