"""The side of the spreadsheet programs: buttons, what a click does, and the installer."""
