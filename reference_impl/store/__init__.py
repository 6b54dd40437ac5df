"""Persistence: encryption at rest, and one repository a file, with the tables that it reads and writes."""
