"""The part of the extension that runs inside the office: its own Python 3.8, the standard library and UNO only."""
