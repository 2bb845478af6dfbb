"""Records as JSON objects and back: what the JSONL export writes and reads, and what ``--json`` shows.

    {"type":"account","platform":"bluesky","id":"did:plc:abc","handle":"mira.example.com","name":"Mira Okafor",…}
    {"type":"post","id":"at://did:plc:abc/app.bsky.feed.post/3k2a","platform":"bluesky","author":"mira.example.com",…}
    {"type":"repost","platform":"x","account":"12","handle":"mira","post":"1750","created":null,"precision":null}
    {"type":"pin","platform":"x","account":"12","handle":"mira","post":"1750"}
    {"type":"gap","platform":"x","id":"1751","reason":"not found"}

Ids are native and always text; an id of another platform is written ``platform:id``. A post names its author by handle,
so whoever reads posts needs the accounts that stand before them: see ``Accounts``.
"""

from threadkeep.record_json.accounts import Accounts
from threadkeep.record_json.lines import decode, encode
from threadkeep.record_json.objects import account_object, gap_object, pin_object, post_object, repost_object
from threadkeep.record_json.reading import TYPES, record_of, records_of

__all__ = [
    "TYPES",
    "Accounts",
    "account_object",
    "decode",
    "encode",
    "gap_object",
    "pin_object",
    "post_object",
    "record_of",
    "records_of",
    "repost_object",
]
