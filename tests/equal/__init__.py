"""`make equal`: all judges of rows over any number of generated rows of every item, rule by rule."""
