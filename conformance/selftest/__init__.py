"""The suite against platforms that are wrong in exactly one way: which check notices which mutant."""
