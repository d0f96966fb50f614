"""Custom objects: lists that an admin keeps, in which the values of fields are looked up. Locations are the first."""
