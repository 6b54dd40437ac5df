"""The wire: one adapter, and for each part of the standard a module of handlers."""
