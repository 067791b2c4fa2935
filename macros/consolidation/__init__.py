"""需求整合 (§2.1.2.4): from the demands of all operators to existing towers, joint new ones and single ones."""
