"""Wire format: messages as values, the published API contract, media types, bodies, signatures."""
