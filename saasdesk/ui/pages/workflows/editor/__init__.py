"""One workflow: its blocks, what it did, and its versions."""
