"""Pages that show everything of one kind as tiles or in a list: searched, filtered by state, remembered."""
