"""Text and query are cut into the same words, whatever the script, the accents or the apostrophes."""

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.index.analysis import TOKEN, analyze, fold, query_terms, split_prefix, stem_term


def words(text: str) -> set[str]:
    """All words that ``text`` is indexed under."""
    return {word for token in TOKEN.findall(text) for step in analyze(token).positions for word in step}


def finds(query: str, text: str) -> bool:
    """Whether a text on its own holds the words of a query in a row."""
    rows: list[list[tuple[str, ...]]] = [[]]
    for token in TOKEN.findall(text):
        spelling = analyze(token)
        if spelling.link:
            rows.append(list(spelling.positions))
        else:
            rows[0] += spelling.positions
    wanted = query_terms(query)
    return bool(wanted) and any(
        all(start + place < len(row) and word in row[start + place] for word, place in wanted)
        for row in rows
        for start in range(len(row))
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("run", "running"),
        ("running", "she runs"),
        ("stop", "stopped"),
        ("happy", "HAPPY"),
        ("cafe", "Café"),
        ("CAFÉ", "cafe\u0301"),
        ("Łodz", "łódź"),
        ("strasse", "Straße"),
        ("istanbul", "İstanbul"),
        ("ελλαδα", "Ελλάδα"),
        ("елка", "ёлка"),
        ("hello", "Ｈｅｌｌｏ"),
        ("fine", "ﬁne"),
        ("don't", "I dont"),
        ("dont", "I don’t"),
        ("don’t", "I don't"),
        ("alice", "Alice’s"),
        ("homme", "l’homme"),
        ("l'homme", "L’HOMME"),
        ("obrien", "O'Brien"),
        ("O’Brien", "obrien"),
        ("東", "東京都"),
        ("京都", "東京都"),
        ("東京都", "東京都庁"),
        ("データ", "ﾃﾞｰﾀ"),
        ("が", "か\u3099"),
        ("양이", "고양이"),
        ("고양이", unicodedata.normalize("NFD", "고양이")),
        ("สวัสดี", "สวัสดีครับ"),
        ("मैं", "मैं हूँ"),
        ("كتاب", "كِتَابٌ"),
        ("שלום", "שָׁלוֹם"),
        ("🧑‍🍳", "a 🧑‍🍳!"),
        ("🧑🍳", "a 🧑‍🍳!"),
        ("🧑‍🍳", "a 🧑🍳!"),
        ("🧑", "🧑‍🍳"),
        ("👍", "👍🏽"),
        ("👍🏿", "👍"),
        ("❤", "❤️"),
        ("🇩🇪", "🇩🇪🇫🇷"),
        ("🔥", "wow🔥🔥"),
        ("‼", "done‼️"),
        ("‼️", "done‼"),
        ("⁉️", "what⁉️"),
        ("™️", "Raku™"),
        ("raku", "Raku™"),
        ("ℹ️", "ℹ️ open at nine"),
        ("〰️", "a 〰️ line"),
        ("©️", "©2024"),
        ("1️⃣", "1️⃣ wedge"),
        ("1", "1️⃣ wedge"),
        ("#️⃣", "a #️⃣ key"),
        ("*️⃣", "a *️⃣ key"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "from 🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        ("🏴", "from 🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
        ("👩", "👩🏽‍🚒"),
        ("€", "100€"),
        ("£", "£5"),
        ("→", "kiln→pot"),
        ("≠", "a ≠ b"),
        ("900 C", "900°C"),
        ("IA", "L'avenir de l'IA"),
        ("l’IA", "de l'IA"),
        ("de l'IA", "de l’IA"),
        ("or", "une coupe d'or"),
        ("UE", "ce que l’UE décide"),
        ("il", "qu'il vienne"),
        ("arte", "dell'arte"),
        ("dell’arte", "dell'arte"),
        ("clock", "six o'clock"),
        ("o’clock", "six o'clock"),
        ("threadoftheday", "#ThreadOfTheDay"),
        ("thread of the day", "#ThreadOfTheDay"),
        ("day", "#thread_of_the_day"),
        ("good", "#AIForGood"),
        ("2024", "#Clay2024"),
        ("陶芸", "#陶芸家"),
        ("100 days of code", "#100DaysOfCode"),
        ("phone", "#iPhone"),
        ("ecole", "#ÉcoleDeParis"),
        ("covid", "#COVID19"),
        ("ash-glaze", "#AshGlaze"),
        ("clay", "$CLAY rose"),
        ("$CLAY", "clay"),
        ("vale", "@mira_vale"),
        ("I’m", "im"),
        ("rock 'n' roll", "rock ’n’ roll"),
        ("viet", "Việt Nam"),
        ("ไทย", "ภาษาไทย"),
        ("カタカナ", "ｶﾀｶﾅ"),
        ("🏳️‍🌈", "🏳️‍🌈 pride"),
        ("t.co", "https://t.co/abcdefghij"),
        ("mira.example.com", "hello @mira.example.com!"),
        ("mira", "hello @mira.example.com!"),
        ("example.org", "see https://www.example.org/kiln"),
        ("https://www.example.org/kiln", "see https://example.org/kiln"),
        ("kiln wood", "https://example.org/kiln%20wood"),
        ("見た", "https://example.orgを見た"),
        ("snake_case", "a snake_case name"),
        ("case", "a snake_case name"),
        ("state-of-the-art", "state of the art"),
        ("3.14", "pi is 3.14159 or 3.14"),
        ("gpt4", "GPT4"),
        ("cooperate", "co\u00adoperate"),
        ("می‌خواهم", "می‌خواهم"),
        ("to be or not to be", "To be, or not to be"),
    ],
)
def test_a_query_finds_a_text(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("и", "й"),
        ("t", "don't"),
        ("ll", "we'll"),
        ("s", "it's"),
        ("re", "they’re"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("2️⃣", "2 pots, 1️⃣ kiln"),
        ("か", "が"),
        ("京東", "東京都"),
        ("ran", "run"),
        ("🧑🍳", "🍳🧑"),
        ("🇪🇫", "🇩🇪🇫🇷"),
        ("java", "JavaScript"),
        ("example.org", "example and org apart: org.example"),
        ("the kiln", "https://example.org/the and kiln"),
        ("_", "_"),
        ("...", "..."),
    ],
)
def test_a_query_does_not_find_a_text(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize(
    ("text", "row", "start"),
    [
        ("glaz", (), "glaz"),
        ("GLÁZ", (), "glaz"),
        ("running", (), "running"),
        ("wood-fir", (("wood", 0),), "fir"),
        ("arxiv.o", (("arxiv", 0),), "o"),
        ("https://example.org/ki", (("exampl", 0), ("org", 1)), "ki"),
        ("O'Bri", (), "obri"),
        ("東", (), "東"),
        ("東京タ", (("東京", 0),), "京タ"),
        ("🧑", (), "🧑"),
        ("...", (), ""),
    ],
)
def test_the_last_word_of_a_beginning_is_left_open(text: str, row: tuple[tuple[str, int], ...], start: str) -> None:
    assert split_prefix(text) == (row, start)


def test_stop_words_are_kept() -> None:
    assert words("to be or not") == {"to", "be", "or", "not"}


def test_forms_are_the_words_before_reduction() -> None:
    assert analyze("Running").surface_forms == ("running",)
    assert analyze("run").surface_forms == ()


def test_no_word_is_longer_than_allowed() -> None:
    assert max(map(len, words("x" * 10_000 + " #" + "aB" * 5_000 + " " + "a'b" * 5_000))) == 64


def test_every_combining_mark_belongs_to_the_letter_before_it() -> None:
    marks = (chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] == "M")
    assert [mark for mark in marks if not TOKEN.fullmatch(f"a{mark}")] == []


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_cut_and_finds_itself(text: str) -> None:
    for word in words(text):
        assert 0 < len(word) <= 64
        word.encode()
    for token in TOKEN.findall(text):
        assert len(analyze(token).query_terms) <= len(analyze(token).positions)
    assert not query_terms(text) or "://" in text or finds(text, text)


@given(st.from_regex("[a-z]{1,12}(s|ed|ing|ies|ly|ness|ational)?", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_a_stem_begins_as_its_word_does(form: str) -> None:
    assert stem_term(form)[0] == form[0]


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_folding_is_done_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcáéÅøñßİΣςйがﾃﾞ한'’"))
@settings(max_examples=200, deadline=None)
def test_spellings_of_one_text_in_unicode_are_one(text: str) -> None:
    spellings = {words(unicodedata.normalize(form, text)) == words(text) for form in ("NFC", "NFD")}
    assert spellings == {True}


@pytest.mark.parametrize(
    "line",
    ["a", "a1", "'a", "a'", "#", "_", "#_", "aB", "\u0301", "a\u200d", "👍\u200d", "http://", "http", "@", "🇩"],
)
def test_a_line_of_a_million_characters_is_cut_quickly(line: str) -> None:
    text = line * (1_000_000 // len(line))
    assert sum(len(token) for token in TOKEN.findall(text)) <= len(text)
