"""The check of a delivery on a cluster: executors check parts of files, and a shuffle compares keys."""

from conformance.data.cluster.check import ClusterCheck
from conformance.data.cluster.session import SparkError, open_session

__all__ = ["ClusterCheck", "SparkError", "open_session"]
