"""The staging file of one run: what came in, whom it belongs to, and what would change."""
