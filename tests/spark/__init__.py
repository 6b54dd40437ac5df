"""The check on a real cluster; no part of `make test`."""
