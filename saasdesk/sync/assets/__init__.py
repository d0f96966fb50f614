"""What only a run that loads assets does: bind each device to its owner, and keep fresh what moves by itself."""
