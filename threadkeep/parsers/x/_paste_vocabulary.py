"""The vocabulary of X's pages in nine languages: dates, counts, markers, buttons.

    Jul 27, 2031    27. Juli 2031    27 jul. 2031    27 de jul. de 2031    2031年7月27日
    3h              3 Std.           3 h                                   3時間
    Bo reposted     Bo hat repostet  Bo reposteó     Bo a reposté          Boさんがリポストしました

English, German, Spanish, French, Portuguese, Italian, Dutch, Japanese, Korean. A word that is missing here stays text.
"""

import re

from threadkeep.records import When
from threadkeep.text.counts import COUNT
from threadkeep.text.dates import calendar_date, month_number


def word_set(listed: str) -> frozenset[str]:
    """``"a|b|\\n    c"`` -> the set of a, b and c."""
    return frozenset(word.strip() for word in listed.split("|"))


_MONTH_STEMS = (
    "jan ene gen feb fev fév mar mär mrt maa apr abr avr may mai mei mag jun juin giu jul juil lug aug ago aoû aou "
    "sep set oct okt out ott nov dec dez dic déc"
)
MONTH = rf"(?:{'|'.join(sorted(_MONTH_STEMS.split(), key=len, reverse=True))})[^\W\d_]{{0,7}}\.?"

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
YOU_REPOSTED = word_set(
    """you reposted|you retweeted|du hast repostet|du hast retweetet|reposteaste|has reposteado|vous avez reposté|
    vous avez retweeté|você repostou|hai ripostato|je hebt gerepost|je hebt geretweet|リポストしました"""
)
PINNED = word_set(
    """pinned|pinned post|pinned tweet|angeheftet|angehefteter post|angehefteter tweet|fijado|post fijado|
    tweet fijado|épinglé|post épinglé|tweet épinglé|fixado|post fixado|tweet fixado|fissato|post fissato|
    tweet fissato|vastgemaakt|vastgezet|固定|固定されたポスト|固定されたツイート|固定ツイート|고정됨|메인에 올림|
    메인 트윗"""
)
QUOTE = word_set("quote|quote tweet|zitat|cita|citation|citação|citazione|citaat|引用|인용")
ADVERTISEMENT = word_set("ad|promoted|anzeige|anuncio|promocionado|sponsorisé|promovido|プロモーション|광고")
"""Labels of advertisements, in the place of the time."""

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

SHOW_MORE = word_set(
    """show more|mehr anzeigen|mostrar más|voir plus|afficher plus|mostrar mais|mostra altro|meer weergeven|
    さらに表示|もっと見る|더 보기"""
)
PHRASES = SHOW_MORE | word_set(
    """show this thread|show more replies|read more replies|translate post|translate tweet|
    the media could not be played.|reload|diesen thread anzeigen|post übersetzen|mostrar este hilo|traducir post|
    traduire le post|afficher cette discussion|voir ce fil|mostrar esta sequência|traduzir post|
    mostra questo thread|このスレッドを表示|ポストを翻訳|ポストを翻訳する|이 스레드 보기"""
)
UNDER_OPENED = word_set(
    """relevant|most relevant|recent|view quotes|view post engagements|post your reply|reply|relevanteste|
    zitate anzeigen|poste deine antwort|antworten|relevantes|ver citas|postea tu respuesta|responder|pertinents|
    postez votre réponse|répondre|返信をポスト|返信"""
)
"""Labels below the text of a post on its own page."""
SIDEBAR = word_set(
    """you might like|who to follow|what’s happening|what's happening|trending now|relevant people|trends for you|
    subscribe to premium|today’s news|live on x|vielleicht gefällt dir|wem folgen?|was gibt’s neues?|
    relevante personen|trends für dich|tal vez te guste|a quién seguir|qué está pasando|vous pourriez aimer|
    ce qui se passe|talvez você curta|o que está acontecendo|おすすめユーザー|いまどうしてる？|おすすめトレンド"""
)
"""Headings of sidebars, which follow the posts in a copy."""


def stated_day(text: str) -> When | None:
    """Return the day in a header or a stamp that names its year: ``Jul 27, 2023``, ``2023年7月27日``."""
    match = _DATE.search(text)
    year = match and (match["year"] or match["year2"] or match["year3"])
    if not match or not year:
        return None
    month = int(match["month3"]) if match["month3"] else month_number(match["month"] or match["month2"])
    return calendar_date(int(year), month, int(match["day"] or match["day2"] or match["day3"])) if month else None
