"""How much a sync costs, as ratios of processor time measured in one run; nothing here is a test."""
