"""What the JSON in the database looks like: archives of earlier versions hold it under these keys."""

import msgspec

from threadkeep.records import Post, Ref
from threadkeep.store.row_mapping import others_of, payload_of, payload_text

POST, PASTED = Post(Ref("x", "1"), None, "Tea"), Post(Ref("x", "~1"), None, "Tea")


def test_a_payload_keeps_what_the_source_showed_without_an_id() -> None:
    payload = payload_text(POST, [("line 7", PASTED, ("5a",))])
    assert '"aside":[["line 7",{"ref"' in payload
    assert payload_of(Post, payload) == POST
    assert others_of(Post, payload, "line 1") == [("line 7", PASTED, ("5a",))]
    assert others_of(Post, payload_text(POST), "line 1") == []


def test_a_payload_of_version_0_2_is_read() -> None:
    payload = f'{payload_text(POST)[:-1]},"aside":{msgspec.json.encode(PASTED).decode()}}}'
    assert others_of(Post, payload, "line 1") == [("line 1", PASTED, ())]
