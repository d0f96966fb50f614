"""Windows of their own: what must be answered before going on, and what is done once in a while."""
