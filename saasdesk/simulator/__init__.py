"""The vendors, simulated faithfully on loopback, for the demo, rehearsals and tests; all serve one invented company."""
