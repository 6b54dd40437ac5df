"""Files of any size by the rules of the standard: what a row is, what is wrong with it, how it is read."""
