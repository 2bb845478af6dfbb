"""What the JSON in the database looks like: archives of earlier versions hold it under these keys."""

from threadkeep.records import Post, Ref
from threadkeep.store.row_mapping import payload_of, payload_text, unidentified_of


def test_a_payload_keeps_what_the_source_showed_without_an_id() -> None:
    post, pasted = Post(Ref("x", "1"), None, "Tea"), Post(Ref("x", "~1"), None, "Tea")
    payload = payload_text(post, pasted)
    assert '"aside":{"ref"' in payload
    assert payload_of(Post, payload) == post
    assert unidentified_of(payload) == pasted
    assert unidentified_of(payload_text(post)) is None
