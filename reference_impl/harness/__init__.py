"""Work that only the self-test needs: wrong platforms, other days, many platforms from one process."""
