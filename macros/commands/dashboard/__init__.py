"""The morning page: figures read from the register, their words, the sheet they are drawn on, and its charts."""
