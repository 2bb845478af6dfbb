"""Mojibake is undone; sound text in any language stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkeep.text.mojibake import fix_mojibake

SOUND = [
    "Ça alors ! « Où est le café ? » demanda l’élève à Noël ; « là-bas… »",
    "Un œuf au CAFÉ, 20 °C, 3 m², ½ livre – l’ÉTÉ « À LA FÊTE »",
    "A NAÇÃO É “GRANDE” — NÃO “PEQUENA”. Ó, AMANHÃ… «olá»… É SÃO JOÃO",
    "El Niño comió 3 ½ piñas; ¿qué? ¡Olé! 1.º y 2.ª",
    "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας – «ναι», είπε. ΠΑΡΆΔΕΙΓΜΑ ΈΝΑ, ΕΓΏ, ΞΈΝΟΣ",
    "Tiếng Việt: nghễnh ngãng, ông “Ấn” được… Đường ở đâu?",
    "Съешь ещё этих мягких французских булок — «да», СССР–США №5, «Рёв»",
    "Слава стратегії, серії…, її «Ріка»; рік, Їжак",
    "Њега, Ђорђе, љубав, џеп и „Ђак“",
    "Übergröße „ÄÖÜ“ – 5 €, KÖLN, „CAFÉ“",
    "Příliš žluťoučký kůň úpěl ďábelské ódy; MÔŽE, Úžasný",
    "Zażółć gęślą jaźń",
    "İstanbul’da ğüşiöç ĞÜŞİÖÇ",
    "Ångström och “Å”, “Ö”… På ön",
    "日本語のテキスト、「引用」。한국어 텍스트。中文",
    "👩‍💻🧵 ❤️ 5 × 3 – 2×–4× ±1, NESTLÉ® NESTLÉ™",
    "العربية نص، עברית טקסט, हिन्दी पाठ, ไทย",
    "the angle Γ² x, Δ± and Σ±, √π, √2, ¬p, ¬π, β-carotene for 5 €",
    "├── src\n│   ├── é.txt\n└── ┬──┬",
    "« café\xa0» ou café\xa0«bar\xa0», voilà\xa0: à\xa0«\xa0la\xa0carte\xa0»",
    "“É—essa” ou é—“bar”",
]

SPOILED = [
    ("allows models to β€œthink” offline", "allows models to “think” offline"),
    ("β€œthinkβ€\x9d and donβ€™t", "“think” and don’t"),
    ("donâ€™t, â€œdoâ€\x9d", "don’t, “do”"),
    ("cafÃ© and RÃ\xado, MÃ¼ller, SÃ£o, JosÃ©, SÃ³ isso", "café and Río, Müller, São, José, Só isso"),
    ("Ã‰cole, Ã–sterreich, KÃ–LN, Å“uvre, cÅ“ur", "École, Österreich, KÖLN, œuvre, cœur"),
    ("a thread ðŸ§µ", "a thread 🧵"),
    ("a thread ğŸ§µ", "a thread 🧵"),
    ("fooÂ\xa0bar, 20Â°C, Â© 2020", "foo\xa0bar, 20°C, © 2020"),
    ("fooÂ bar. Â Next", "foo bar. Â Next"),
    ("End.Â Next", "End. Next"),
    ("dÃ©jÃ\xa0 vu", "déjà vu"),
    ("dÃ©jÃ  vu, jÃ vu", "déjà vu, jà vu"),
    ("Il va Ã  Paris cet Ã©tÃ©", "Il va à Paris cet été"),
    ("itÃ¢â‚¬â„¢s twice, Ã¢Â\x80Â\x99 and ÃƒÂ©", "it’s twice, ’ and é"),
    ("he said â€œnoâ€ and left", "he said “no” and left"),
    ("he said â€œnoâ€\ufffd", "he said “no”"),
    ("MΓΌller, fΓΌr, perΓ²", "Müller, für, però"),
    ("Р·РІСѓРє and donвЂ™t", "звук and don’t"),
    ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
    ("æ—¥æœ¬èªž", "日本語"),
    ("don‚Äôt, caf√©, 20¬∞C", "don’t, café, 20°C"),
    ("donΓÇÖt", "don’t"),
    ("cafeÌ\x81", "cafe\u0301"),
    ("ÅŸehir, aÄŸaÃ§", "şehir, ağaç"),
]


def misread(text: str, encoding: str) -> str:
    """What a lenient program makes of the UTF-8 of ``text``: gaps of cp1252 as controls, of others as in cp1252."""

    def character(byte: int) -> str:
        own = bytes([byte]).decode(encoding, "ignore")
        return own or (chr(byte) if byte < 0xA0 else bytes([byte]).decode("cp1252"))

    return "".join(map(character, text.encode()))


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_is_left_alone(text: str) -> None:
    assert fix_mojibake(text) == text


@pytest.mark.parametrize(("spoiled", "sound"), SPOILED)
def test_mojibake_is_undone(spoiled: str, sound: str) -> None:
    assert fix_mojibake(spoiled) == sound


@pytest.mark.parametrize("text", SOUND)
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1254", "cp1253", "cp1251"])
def test_a_page_misread_as_a_whole_comes_back(text: str, encoding: str) -> None:
    assert fix_mojibake(misread(text, encoding)) == text


@pytest.mark.parametrize("text", SOUND[:10])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_page_misread_twice_comes_back(text: str, encoding: str) -> None:
    assert fix_mojibake(misread(misread(text, encoding), encoding)) == text


def test_gaps_filled_from_cp1252_are_understood() -> None:
    assert fix_mojibake("β€" + chr(0x0153) + "quote") == "“quote"
    assert fix_mojibake("β€\x9cquote") == "“quote"


def test_the_real_page_reads_as_its_author_wrote_it(shared) -> None:
    (page,) = (shared / "seeds").glob("000_*")
    text = page.read_text("utf-8")
    mended = fix_mojibake(text)
    assert "models to “think” offline" in mended
    assert mended.replace("“think”", "β€œthink”") == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1253", "cp1251"])
@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["don’t", "“think”", "🧵", "naïve", "étude", "Größe", "λόγος", "слово", "日本", "a", "B"])
    )
)
def test_a_misread_text_of_words_comes_back(encoding: str, words: list[str]) -> None:
    text = " ".join([*words, "it’s"])
    assert fix_mojibake(misread(text, encoding)) == text


ALPHABETS = {
    # letters of one case, what opens and what closes a quotation there
    "french": ("abcéèêëàâçîïôûùüÿœæ", ["", "“", "« ", "«\xa0"], ["", "”", " »", "\xa0»", "…", "\xa0!", "™"]),
    "french capitals": ("ABCÉÈÊËÀÇÎÔÛŒÆ", ["", "“", "«\xa0"], ["", "”", "…", ".", "®"]),
    "portuguese": ("abcáâãàçéêíóôõúü", ["", "“", "«"], ["", "”", "»", "…", "—"]),
    "german": ("abcäöüß", ["", "„"], ["", "“", "…", " –"]),
    "nordic": ("ABCÄÖÜÅØ", ["", "”"], ["", "”", "…"]),
    "greek": ("αβγδεζηθάέήίόύώς", ["", "«"], ["", "»", "·", "…"]),
    "greek capitals": ("ΑΒΓΔΕΖΡΣΤΛΚΠ", ["", "«"], ["", "»", "…"]),
    "russian": ("абвгдеёжзиклмнопрст", ["", "«", "„"], ["", "»", "“", "…", " —"]),
    "ukrainian": ("абвгґдеєжзиіїйклмнопрст", ["", "«"], ["", "»", "…"]),
    "vietnamese": ("aăâbcdđeêghiklmnoôơpqrstuưvxyấầẩẫậếềểễệốồổỗộớờởỡợứừửữự", ["", "“"], ["", "”", "…"]),
    "japanese": ("日本語中文ひらカナ", ["", "「"], ["", "」", "。"]),
    "arabic and hebrew": ("العربيةنصעבריתטקסט", [""], ["", "،"]),
    "emoji": ("🧵😀👍🏽❤️", [""], [""]),
}


@st.composite
def sound_texts(draw: st.DrawFn) -> str:
    """Words of one language in one case, quoted and closed as one writes there."""
    letters, openings, closings = ALPHABETS[draw(st.sampled_from(sorted(ALPHABETS)))]
    word = st.tuples(st.sampled_from(openings), st.text(letters, min_size=2, max_size=9), st.sampled_from(closings))
    return " ".join(map("".join, draw(st.lists(word, max_size=8))))


@settings(max_examples=200, deadline=None)
@given(sound_texts())
def test_any_text_of_one_language_is_left_alone(text: str) -> None:
    assert fix_mojibake(text) == text


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.characters(), st.sampled_from("ÂÃâ€™œβΓРв√├»”\xa0\x9d\ufffd ")), max_size=40))
def test_mending_twice_is_mending_once_whatever_the_text(text: str) -> None:
    assert fix_mojibake(fix_mojibake(text)) == fix_mojibake(text)


@pytest.mark.parametrize("text", ["Â" * 100_000 + "»", "Ã©" * 100_000, "Рі " * 100_000, "Ã" * 300_000, "\ud800Ã©"])
def test_hostile_text_neither_hangs_nor_fails(text: str) -> None:
    assert fix_mojibake(fix_mojibake(text)) == fix_mojibake(text)
