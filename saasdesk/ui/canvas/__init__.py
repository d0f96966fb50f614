"""The canvas on which a workflow is drawn: one model; canvas, outline and inspector are views of it."""
