"""The same check on many machines: executors judge parts of files, and keys meet in a shuffle."""

from conformance.data.cluster.check import ClusterCheck
from conformance.data.cluster.session import SparkError, opened

__all__ = ["ClusterCheck", "SparkError", "opened"]
