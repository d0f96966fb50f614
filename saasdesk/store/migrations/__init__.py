"""The steps that brought the database to its present shape, oldest first."""
