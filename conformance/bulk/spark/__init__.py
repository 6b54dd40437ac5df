"""The same check on many machines: executors judge parts of files, and keys meet in a shuffle."""

from conformance.bulk.spark.check import ClusterCheck
from conformance.bulk.spark.opening import SparkError, opened

__all__ = ["ClusterCheck", "SparkError", "opened"]
