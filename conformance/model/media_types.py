"""Media types of request and reply bodies."""

JSON = "application/json"
"""RFC 8259."""
NDJSON = "application/x-ndjson"
"""JSON texts, one a line."""
PROBLEM = "application/problem+json"
"""Problem details, RFC 9457."""
