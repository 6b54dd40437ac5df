"""The rules of the platform as pure functions: no HTTP, no files, no clock reads."""
