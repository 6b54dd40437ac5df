"""The tables of the platform, each declared beside its repository.

Columns called `sealed` are encrypted; those called `*_ref` hold keyed digests.
"""

from sqlalchemy import MetaData

METADATA = MetaData()
