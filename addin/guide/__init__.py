"""The user's guide: its complete lists made from the program, its page, and the Word file that is printed.

``python -m addin.guide`` writes all of them from ``docs/用户手册.md``; the program itself only opens what was written.
"""
