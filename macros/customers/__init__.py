"""What is known of the customers: how complete, how fresh, who matters, who looks after whom."""
