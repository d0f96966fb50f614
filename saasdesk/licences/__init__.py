"""What seats cost, which of them nobody uses, and what came of giving them back."""
