"""Where things stand: coordinate systems, distances on the sphere, a search grid, and the towers with their tenants."""
