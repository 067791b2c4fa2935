"""What a register was: copies kept, cells changed, two edited copies made one."""
