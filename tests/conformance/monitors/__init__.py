"""The judges of every exchange, on good and bad exchanges."""
