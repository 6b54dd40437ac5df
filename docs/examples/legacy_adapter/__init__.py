"""A worked example: the platform-access API in front of an API that exists already."""
