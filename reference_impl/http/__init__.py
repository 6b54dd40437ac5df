"""The API served: one ASGI adapter, one pipeline, and for each part of the standard a module of handlers."""
