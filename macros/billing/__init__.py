"""A month's fees: what each lease, each customer and each generator run costs, and why."""
