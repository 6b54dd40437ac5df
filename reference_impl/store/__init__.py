"""What the platform remembers: tables, encryption at rest, and small repositories over one transaction."""
