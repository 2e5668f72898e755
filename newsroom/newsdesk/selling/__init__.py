"""From an enquiry to an accepted quote: the desk's pages for those who sell."""
