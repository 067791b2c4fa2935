"""The manager's own work: plans, visits, care, diary, checklists."""
