"""Authorization done wrong."""
