"""The same check on many machines: executors run the local engine, and keys meet in a shuffle."""

from conformance.bulk.spark.engine import check
from conformance.bulk.spark.job import Examine, Examined, Job, Outcome, Split
from conformance.bulk.spark.opening import SparkError, opened

__all__ = ["Examine", "Examined", "Job", "Outcome", "SparkError", "Split", "check", "opened"]
