"""The loops around a demand's order: batches of orders, inquiries at other operators, the trail of changes (§2.1)."""
