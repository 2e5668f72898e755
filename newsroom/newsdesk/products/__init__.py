"""Products: what is sold, by which rule, and what a change of the rule would do."""
