"""Imports: a file with one record a line, planned and applied like the list of a vendor."""
