"""The words that X itself writes on a page, in the languages a copied page comes in: dates, counts, markers, buttons.

    Jul 27, 2031    27. Juli 2031    27 jul. 2031    27 de jul. de 2031    2031年7月27日
    3h              3 Std.           3 h                                   3時間
    Bo reposted     Bo hat repostet  Bo reposteó     Bo a reposté          Boさんがリポストしました

English, German, Spanish, French, Portuguese, Italian, Dutch, Japanese, Korean. A word that is missing here stays text.
"""

import re
from datetime import UTC, date, datetime

from threadkeep.records import When


def words(listed: str) -> frozenset[str]:
    """``"a|b|\\n    c"`` -> the set of a, b and c."""
    return frozenset(word.strip() for word in listed.split("|"))


_MONTHS = (
    "jan ene gen 1",
    "feb fev fév 2",
    "mar mär mrt maa 3",
    "apr abr avr 4",
    "may mai mei mag 5",
    "jun juin giu 6",
    "jul juil lug 7",
    "aug ago aoû aou 8",
    "sep set 9",
    "oct okt out ott 10",
    "nov 11",
    "dec dez dic déc 12",
)
"""How the names of the months begin, in eight languages, each row with its number."""
_MONTH_OF = {stem: int(row.split()[-1]) for row in _MONTHS for stem in row.split()[:-1]}
MONTH = rf"(?:{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})[^\W\d_]{{0,7}}\.?"

DOT = r"[·•∙⋅]"
DAY = (
    rf"(?:(?P<month>{MONTH}) (?P<day>\d{{1,2}})(?:,? (?P<year>\d{{4}}))?"
    rf"|(?P<day2>\d{{1,2}})\.? (?:de )?(?P<month2>{MONTH})(?:,?(?: de)? (?P<year2>\d{{4}}))?"
    r"|(?:(?P<year3>\d{4})[年년] ?)?(?P<month3>\d{1,2})[月월] ?(?P<day3>\d{1,2})[日일])"
)
AGO = (
    r"now|\d{1,2} ?(?:s|m|h|d|sec|min|hr)s?|\d{1,2} (?:second|minute|hour|day)s? ago|yesterday|"
    r"\d{1,2} ?(?:Sek|Min|Std|Tg?|seg|segs|j|u|uur|g)\.?|\d{1,2} ?(?:秒|分|時間|日|초|분|시간|일)前?|"
    r"gestern|ayer|hier|昨日"
)
_CLOCK = r"(?:(?:午前|午後|오전|오후) ?)?\d{1,2}:\d{2}(?:\s?(?:[AP]M|[ap]\.\s?m\.|vorm\.|nachm\.))?"
_VIEWS = r"Views|Mal angezeigt|Aufrufe|Visualizaciones|Reproducciones|vues|Visualizações|visualizzazioni|件の表示|회"
STAMP = re.compile(
    rf"(?:Last edited )?{_CLOCK}\s*{DOT}\s*{DAY}"
    rf"(?:\s*{DOT}\s*(?:(?P<views>\d[\d.,\u00a0\u202f]{{0,17}}\s?[KMB万천만]?)\s*(?:{_VIEWS}))?)?",
    re.I,
)
_DATE = re.compile(DAY, re.I)
TIME_LINE = re.compile(rf"{DOT}?\s*(?:{AGO}|{DAY})", re.I)

_UNIT = r"K|M|B|mil|mi|Tsd\.?|Mio\.?|Mrd\.?|mln|万|億|천|만|억"
_GROUPED = r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3}){1,4}"
COUNT = rf"(?:{_GROUPED}|\d[\d.,]{{0,17}})(?:\s?(?:{_UNIT})(?![^\W\d_]))?"
NUMBER = re.compile(rf"{_GROUPED}|\d{{1,15}}|\d{{1,4}}(?:[.,]\d{{1,2}})?\s?(?:{_UNIT})", re.I)
"""A line that is a count: ``12``, ``1,204``, ``1.204``, ``12.3K``, ``12,3 Mio.``, ``1.2万``."""
_SCALE = {
    "": 1, "k": 10**3, "tsd": 10**3, "mil": 10**3, "천": 10**3, "万": 10**4, "만": 10**4, "m": 10**6, "mi": 10**6,
    "mio": 10**6, "mln": 10**6, "億": 10**8, "억": 10**8, "b": 10**9, "mrd": 10**9,
}  # fmt: skip
_READ_COUNT = re.compile(rf"(?P<figures>\d[\d.,\s]*?)\s?(?P<unit>{_UNIT})?[.,]?", re.I)
_MOST = 10**18
"""No page counts so far, and no database much further."""

_LABELS = {
    "replies": "repl(?:y|ies)|Antwort(?:en)?|respuestas?|réponses?|respostas?|risposte|件の返信|답글",
    "reposts": "reposts?|retweets?|republicaciones|republications|republicações|件のリポスト|件のリツイート|재게시",
    "quotes": "quotes?|quote tweets|Zitate?|citas?|citations?|citações|citazioni|件の引用|인용",
    "likes": r"likes?|„?Gefällt mir“?(?:-Angaben)?|Me gusta|J['’]aime|curtidas?|Mi piace|vind-ik-leuks|"
    "件のいいね|마음에 들어요",
    "views": _VIEWS,
    "bookmarks": "bookmarks?|Lesezeichen|elementos guardados|guardados|signets?|itens salvos|segnalibri|"
    "件のブックマーク|ブックマーク|북마크",
}
LABEL = re.compile(
    rf"(?:(?P<count>{COUNT})\s*)?(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items()) + ")",
    re.I,
)

REPOSTED = re.compile(
    r"(?P<name>\S.{0,60}?)(?: reposted| retweeted| hat (?:repostet|retweetet)| reposteó| republicó| retwitteó|"
    r" a (?:reposté|republié|retweeté)| (?:repostou|republicou|retweetou)|"
    r" ha (?:ripostato|ripubblicato|repostato|ritwittato|retwittato)| heeft (?:gerepost|geretweet)|"
    r" ?さんが(?:リポスト|リツイート)(?:しました)?| ?님이 (?:재게시|리트윗|리포스트)(?:했습니다|함))",
    re.I,
)
YOU_REPOSTED = words(
    """you reposted|you retweeted|du hast repostet|du hast retweetet|reposteaste|has reposteado|vous avez reposté|
    vous avez retweeté|você repostou|hai ripostato|je hebt gerepost|je hebt geretweet|リポストしました"""
)
PINNED = words(
    """pinned|pinned post|pinned tweet|angeheftet|angehefteter post|angehefteter tweet|fijado|post fijado|
    tweet fijado|épinglé|post épinglé|tweet épinglé|fixado|post fixado|tweet fixado|fissato|post fissato|
    tweet fissato|vastgemaakt|vastgezet|固定|固定されたポスト|固定されたツイート|固定ツイート|고정됨|메인에 올림|
    메인 트윗"""
)
QUOTE = words("quote|quote tweet|zitat|cita|citation|citação|citazione|citaat|引用|인용")
ADVERTISEMENT = words("ad|promoted|anzeige|anuncio|promocionado|sponsorisé|promovido|プロモーション|광고")
"""What stands where a post has its time, if somebody paid for it."""

_AND = r"(?:and|und|y|et|e|en|と)"
_OTHERS = r"(?:\d+ (?:others?|weiteren?|más|autres?|outros|altri|anderen)|他\d+人)"
REPLYING = re.compile(
    r"(?:Replying to|Antwort an|En respuesta a|En réponse à|Em resposta a|Respondendo a|In risposta a|"
    rf"Als antwoord op|返信先:?)\s*(?P<names>(?:@\w{{1,15}}[\s,]*(?:(?:さん|{_AND})\s*)?)*{_OTHERS}?)",
    re.I | re.A,
)
REPLIED = re.compile(
    rf"(?:{_AND}\s*)?@\w{{1,15}},?(?:\s*さん)?(?:\s+{_AND})?|{_AND}|さん|(?:{_AND} )?{_OTHERS}", re.I | re.A
)

SHOW_MORE = words(
    """show more|mehr anzeigen|mostrar más|voir plus|afficher plus|mostrar mais|mostra altro|meer weergeven|
    さらに表示|もっと見る|더 보기"""
)
PHRASES = SHOW_MORE | words(
    """show this thread|show more replies|read more replies|translate post|translate tweet|
    the media could not be played.|reload|diesen thread anzeigen|post übersetzen|mostrar este hilo|traducir post|
    traduire le post|afficher cette discussion|voir ce fil|mostrar esta sequência|traduzir post|
    mostra questo thread|このスレッドを表示|ポストを翻訳|ポストを翻訳する|이 스레드 보기"""
)
UNDER_OPENED = words(
    """relevant|most relevant|recent|view quotes|view post engagements|post your reply|reply|relevanteste|
    zitate anzeigen|poste deine antwort|antworten|relevantes|ver citas|postea tu respuesta|responder|pertinents|
    postez votre réponse|répondre|返信をポスト|返信"""
)
"""What stands below the text of a post on its own page."""
SIDEBAR = words(
    """you might like|who to follow|what’s happening|what's happening|trending now|relevant people|trends for you|
    subscribe to premium|today’s news|live on x|vielleicht gefällt dir|wem folgen?|was gibt’s neues?|
    relevante personen|trends für dich|tal vez te guste|a quién seguir|qué está pasando|vous pourriez aimer|
    ce qui se passe|talvez você curta|o que está acontecendo|おすすめユーザー|いまどうしてる？|おすすめトレンド"""
)
"""Headings of what stands beside the posts, and behind them in a copy."""


def stated_day(text: str) -> When | None:
    """The day a header or a stamp names, where it names its year: ``Jul 27, 2023``, ``2023年7月27日``."""
    match = _DATE.search(text)
    year = match and (match["year"] or match["year2"] or match["year3"])
    if not match or not year:
        return None
    month = int(match["month3"]) if match["month3"] else month_number(match["month"] or match["month2"])
    try:
        day = date(int(year), month, int(match["day"] or match["day2"] or match["day3"]))
    except ValueError:
        return None
    return When(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")


def month_number(name: str) -> int:
    """Which month a name that ``MONTH`` matches begins: ``Juli`` -> 7."""
    merge_versions = name.lower()
    return _MONTH_OF[merge_versions[:4] if merge_versions[:4] in _MONTH_OF else merge_versions[:3]]


def read_count(text: str) -> int:
    """How many a page says: ``1,234`` -> 1234, ``1.234`` -> 1234, ``1.2K`` -> 1200, ``1,2 Mio.`` -> 1200000."""
    match = _READ_COUNT.fullmatch(text.strip())
    figures, unit = (re.sub(r"\s", "", match["figures"]), match["unit"] or "") if match else (text, "")
    scale = _SCALE[unit.lower().rstrip(".")]
    if unit and re.fullmatch(r"\d+[.,]\d{1,2}", figures):
        whole, part = re.split(r"[.,]", figures)
        count = int(whole) * scale + int(part) * scale // int("1".ljust(len(part) + 1, "0"))
    else:
        count = int(re.sub(r"\D", "", figures) or 0) * scale
    return min(count, _MOST)
