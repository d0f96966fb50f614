"""Dashboards: boards of figures, each computed from the records just now and each with the list behind it."""
