"""What was used and by whom; moving in; orders to take texts away; people's own data."""
