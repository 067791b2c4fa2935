"""Faults and complaints from the first call to the last visit: what is missing, how well it went."""
