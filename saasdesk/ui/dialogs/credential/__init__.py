"""What is done with credentials, wherever they are shown: made, tested, changed, given a new key, deleted."""
