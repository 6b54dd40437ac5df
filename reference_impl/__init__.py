"""The exemplar: a complete small financing-credit service platform that obeys the standard."""
