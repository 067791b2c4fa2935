"""Prices, discounts and rates as dated parameters, and what a product costs in a year under them."""
