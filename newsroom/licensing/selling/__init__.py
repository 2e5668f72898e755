"""From an enquiry to an accepted quote."""
