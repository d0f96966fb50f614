"""Whole tasks in the real window, done as somebody does them: by the keyboard alone, or by the mouse alone."""
