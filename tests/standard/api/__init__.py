"""The platform-access API: the published document and its loading."""
