"""Rules, registers, clocks and commands of the account managers' workbench."""
