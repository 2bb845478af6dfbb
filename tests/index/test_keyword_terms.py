"""Authors, tags, sites and the rest are filed under names that letter case and accents do not change."""

import pytest
from documents import post

from threadkeep.index.document_batch import batch_of
from threadkeep.index.keyword_terms import host_of, index_keys, keyword_values, normalize_name, query_keys
from threadkeep.text.cashtags import find_cashtags


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org", "example.org"),
        ("https://www.example.org/kiln?a=b#c", "example.org"),
        ("HTTPS://User:pass@Blog.Example.org:8080/", "blog.example.org"),
        ("//cdn.example.org/a", "cdn.example.org"),
        ("example.org/kiln", "example.org"),
        ("https://例え.テスト/", "例え.テスト"),
        ("https://", None),
        ("mailto:mira@example.org", None),
        ("at://did:plc:abc/app.bsky.feed.post/1", None),
        ("#kiln", None),
        ("", None),
    ],
)
def test_a_link_leads_to_a_site(url: str, host: str | None) -> None:
    assert host_of(url) == host


def test_names_are_compared_without_case_on_one_line() -> None:
    assert normalize_name("Mira\n Vale") == normalize_name("mira vale") == "mira vale"
    assert normalize_name("Ｍｉｒａ") == "mira"
    assert normalize_name("STRASSE") == normalize_name("straße")


def test_a_post_is_filed_under_all_its_names() -> None:
    document = post(
        1,
        "$CLAY rose by $5, $brk.b fell",
        authors=("@Mira.example.com",),
        addressees=("Lio",),
        mentions=("juno@social.example.org",),
        tags=("#Café",),
        urls=("https://a.blog.example.org/x",),
        language="en-GB",
        flags=frozenset({"reply", "link"}),
    )
    found = [
        (op, name, at)
        for op, names, places in keyword_values(batch_of([post(2), document]))
        for name, at in zip(names, places, strict=True)
    ]
    assert [(op, name) for op, name, at in found if at == 0] == [("platform", "bluesky"), ("kind", "post")]
    assert {key for op, name, at in found if at == 1 for key in index_keys(op, name)} == {
        *("from=mira.example.com", "from~mira", "mentions=juno@social.example.org", "mentions~juno"),
        *("to=lio", "tag=café", "tag~cafe", "cash=clay", "cash=brk.b"),
        *("domain=a.blog.example.org", "domain~blog.example.org", "domain~example.org", "lang=en-gb", "lang~en"),
        *("platform=bluesky", "flag=reply", "flag=link", "kind=reply"),
    }


@pytest.mark.parametrize(
    ("op", "value", "keys"),
    [
        ("from", "Mira", ("from=mira", "from~mira")),
        ("tag", "Café", ("tag=café", "tag~café", "tag=cafe", "tag~cafe")),
        ("mentions", "José", ("mentions=josé", "mentions~josé", "mentions=jose", "mentions~jose")),
        ("cash", "CLAY", ("cash=clay", "cash~clay")),
        ("tag", "Ca*", ("tag=ca*", "tag~ca*")),
        ("from", "*", ("from=*", "from~*")),
        ("is", "reply", ("flag=reply",)),
        ("domain", "example.org", ("domain=example.org", "domain~example.org")),
    ],
)
def test_an_operator_looks_under_each_spelling(op: str, value: str, keys: tuple[str, ...]) -> None:
    assert query_keys(op, value) == keys


@pytest.mark.parametrize(
    ("text", "cashtags"),
    [
        ("$CLAY", ["CLAY"]),
        ("($clay), ＄Kiln!", ["clay", "Kiln"]),
        ("$BRK.B. $rds_a", ["BRK.B", "rds_a"]),
        ("$5 $CLAY5 US$CLAY $$CLAY $TOOLONGER $ a$", []),
    ],
)
def test_a_cashtag_is_a_dollar_sign_and_a_few_latin_letters(text: str, cashtags: list[str]) -> None:
    assert find_cashtags(text) == cashtags
