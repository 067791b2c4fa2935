"""The resident helper: keeps a Python process warm for the next click, and tells which papers a row allows."""
