"""What is told of texts by their bytes is what patterns and the reference say of each."""
