"""Finding a customer by anything, and what there is to know of them."""
