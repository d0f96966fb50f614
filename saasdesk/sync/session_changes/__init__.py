"""What a sync session changed, and what became of whom it deactivated."""
