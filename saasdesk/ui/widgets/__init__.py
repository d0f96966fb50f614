"""Small widgets that every page uses, each named by what it is."""
