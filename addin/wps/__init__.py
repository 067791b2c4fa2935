"""The WPS side (experimental): its script, and orders served on saved workbooks."""
