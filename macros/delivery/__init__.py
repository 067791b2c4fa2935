"""Delivery of a project: its schedule drawn backwards from the agreed day, and what a week changed (§2.2.2)."""
