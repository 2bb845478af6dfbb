"""How a segment's dictionary lies in its file: an ordered hash file of Whoosh's, which also reads it.

All numbers are big-endian, as Whoosh wants them.

    "HSH3", u8 1 (keys are hashed by CRC-32), i32 0, i32 0
    entries      i32 length of the key, i32 length of the value, key, value; ascending by key
    256 tables   slots of u32 hash, i64 where the entry lies; twice as many as entries, the empty ones 0; an entry lies
                 in table hash & 255, in the slot hash >> 8 modulo their number or the next free one
    256 times    i64 where the table lies, i32 its number of slots
    pickle       {"fieldmap": {field: number}, "indextype": "I" or "q", "indexlen": number of entries}
    where each entry lies, u32 or i64
    i32          length of the pickle and what follows it

A key is u16 the number of its field, then the word in UTF-8. A value is

    u8 1 where the postings follow, 0 where they lie in the postings file
    f32 the sum of the weights, u32 how many posts hold the word, u8 0, u8 255, f32 the greatest weight
    u32 the first id, u32 the last id
    the postings, or i64 where they lie and i32 their length
"""

from struct import Struct

FORMS, KEYS, WORDS = "forms", "keys", "words"
"""The fields: unreduced words and keys, both by presence only, and stems with their places."""

FIELDS = {FORMS: 0, KEYS: 1, WORDS: 2}
"""The numbers of the fields, whose order is theirs."""

KEY_START = {field: number.to_bytes(2, "big") for field, number in FIELDS.items()}
"""What the keys of a field begin with."""

LENGTHS = Struct("!ii")
VALUE = Struct("!BfIBBfII")
EXTENT = Struct("!qi")
