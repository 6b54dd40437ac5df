"""The reference platform, tested over real HTTP against a process of its own."""
