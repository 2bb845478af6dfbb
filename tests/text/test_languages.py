"""Codes of languages, as networks write them."""

import pytest

from threadkeep.text.languages import language_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("en", "en"), ("EN-gb", "en-GB"), ("zhCn", "zh-CN"), ("zh_tw", "zh-TW"), ("zh-hant-hk", "zh-Hant-HK")),
        *(
            ("in", "id"),
            ("iw", "he"),
            ("iw-IL", "he-IL"),
            ("ckb", "ckb"),
            ("es-419", "es-419"),
            ("fr-x-abcd", "fr-x-abcd"),
        ),
        *(
            ("und", None),
            ("qme", None),
            ("qht", None),
            ("zxx", None),
            ("", None),
            (None, None),
            ("English words", None),
        ),
    ],
)
def test_a_language_is_a_code_of_bcp_47_or_none(written: str | None, code: str | None) -> None:
    assert language_code(written) == code
