"""What the wire tells the rooms above, after commit, ids only."""

from django.dispatch import Signal

released = Signal()
"""`release_id`: a release came on the wire, whatever its signal."""

products_changed = Signal()
"""`product_id`: the product's rule is another one."""

products_switched = Signal()
"""`product_id`: rights follow another rule of this product from now on, and other stamps."""
shredded = Signal()
"""`item_id`: versions of the item were shredded by order; whatever is kept of it must go."""
