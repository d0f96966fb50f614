"""Dashboards: boards of figures, arranged by the admin; every figure opens the list behind it."""
