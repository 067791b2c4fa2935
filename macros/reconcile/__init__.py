"""Compares a month's bill with an operator's own list and says of every cent of difference where it comes from."""
