"""The workbooks of a month's run: the wide lists operators expect, and the control workbook that ties the run."""
