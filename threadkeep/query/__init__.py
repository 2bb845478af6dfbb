"""The query language: text a person types, and the tree it means; it knows nothing of posts or of any engine.

    '(clay OR glaze) from:mira -is:reply'   ->  And((Or((Word("clay"), Word("glaze"))), Term("from", "mira"), ...))

``docs/query.md`` says it for people. The operators stand in one table, ``threadkeep.query.fields``.
"""

from threadkeep.query.ast import Query
from threadkeep.query.parser import parse
from threadkeep.query.values import Asker

__all__ = ["Asker", "Query", "parse"]
