"""Speed and memory of this suite beside those of its peers, measured in the same process on the same data."""
