"""What is bought once: a day pass, one story, a subscription as a gift."""
