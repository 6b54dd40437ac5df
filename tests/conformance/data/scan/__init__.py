"""Scanning files: exactly what the leak search finds in windows of lines, in every guise and any wrapping."""
