"""Keys of rows, found again across files of any size: hashes, partitions, spills and duplicates."""
