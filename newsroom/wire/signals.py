"""What the wire tells the rooms above, after commit, ids only."""

from django.dispatch import Signal

released = Signal()
"""`release_id`: a release came on the wire, whatever its signal."""

products_changed = Signal()
"""`product_id`: the product's rule is another one."""
