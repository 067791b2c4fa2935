"""LibreOffice's side: the engine that drives Calc, and the extension with the buttons."""
