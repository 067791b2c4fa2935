"""The reports: one module for each kind, and the sheets and tables that some of them are printed from."""
