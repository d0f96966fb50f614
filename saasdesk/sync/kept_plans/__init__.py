"""Plans that are kept: previews, and deactivations that wait for a person."""
