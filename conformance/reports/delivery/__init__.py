"""Reports of checked deliveries: one result document, and renderings of it that read nothing else."""

from conformance.reports.delivery.document import delivery_document

__all__ = ["delivery_document"]
