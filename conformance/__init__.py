"""The judge: tests any financing-credit service platform over HTTP against the machine-readable standard."""
