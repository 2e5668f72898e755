"""The people and places of customers, for staff: the same deeds as the customer's own admins have, with a reason."""
