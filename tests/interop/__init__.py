"""The published API in the hands of other people's tools; run by `make interop`, never by `make test`."""
