"""Pours register rows into Word: contexts, templates, wording and the document register."""
