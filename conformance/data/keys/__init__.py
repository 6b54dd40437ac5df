"""Keys of rows across files of any size: hashes, partitions, spills and duplicates."""
