"""The tests, in the same folders as the package; whole tasks are in journeys/."""
