"""The 42 clocks of the handbook: data, evaluation, explanation, archive, boards and calendars."""
