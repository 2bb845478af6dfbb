"""Find the links, hashtags and mentions that people typed into a post, and tell whether a text is a handle.

    "New: arxiv.org/abs/2401.1 with @mira.example.com #Pottery!"
        -> a link to https://arxiv.org/abs/2401.1, the mention mira.example.com, the tag Pottery

The rules are those of X (twitter-text) and of Bluesky (atproto's rich text) wherever the two agree; where they do not,
the docstrings say which holds. Every function takes time linear in its text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from threadkeep.records import Link

_GENERIC = (
    "academy agency ai app art audio band biz blog boston camp cat center city cloud club co codes com community coop "
    "design dev digital earth edu education email energy engineer engineering eu events exchange expert farm finance "
    "fm foundation fun fund fyi gallery games garden gay gg global gov group guide guru haus health help host house "
    "info ink institute int international io kim law lgbt life link live london love ly ltd market media mil mobi moe "
    "money museum net network news nyc one online org page party photo photography photos pics pink press pro pub "
    "quest radio red review reviews rip rocks run school science sexy shop show site social software solutions space "
    "store stream studio style systems team tech technology theater tips today tools top town training travel tube tv "
    "university video vip website wiki wine work works world wtf xyz zone"
)
_COUNTRY = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd "
    "cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge "
    "gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh "
    "ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw "
    "mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb "
    "sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk "
    "us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
"""From IANA's root zone database: every country code, and the generic names that links and handles use most."""

_ALIKE = (
    "ac ad ag al am as at be by cc cd do id im in is it la ma md me mm mo ms my na ne no nu om pa pl pm pr ps pt py re "
    "rs sc sh si so st tc th to ts us vi ws band camp cat center city club community design earth education email "
    "energy events exchange expert farm finance foundation fun fund games garden gay global group guide health "
    "help host house ink international kim law life link live love market media money network one page "
    "party photo photos pink pro pub quest radio red review reviews rip rocks run school science sexy shop show "
    "site solutions space store stream studio style systems team technology theater tips today tools top "
    "town training travel tube university video website wine work works world zone"
)
"""TLDs that are also words or file endings (``Thanks.So``, ``README.md``): without a path they make no link."""

_EXAMPLE_TLDS = frozenset({"test", "example"})
"""Kept free for examples by RFC 2606; handles in documentation end in them."""

_TLDS = frozenset(f"{_GENERIC} {_COUNTRY}".split())
_PLAIN_TLDS = _TLDS.difference(_ALIKE.split())

_HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I | re.A)
_HANDLE_LENGTH = 253

# Scripts written without spaces: a link ends where they begin, as X has it. Then what steers direction or is not seen.
_CJK = "ᄀ-ᇿ⺀-〿぀-ヿ㄀-ㆿㇰ-ㇿ㐀-䶿一-鿿ꥠ-꥿가-퟿豈-﫿！-￯\U00020000-\U0003ffff"
_INVISIBLE = "\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\x00-\x20\x7f-\xa0"
_PUNCTUATION = "\x00-,/:-@\\[-^`{-\xb6\xb8-\xbf×÷\u2000-\u206f\u3000-\u303f！-＠［-｀｛-･\ufeff"

_SCHEMED = re.compile(rf"(?<![@＠#＃$])https?://(?P<host>[^\s{_PUNCTUATION}]++)", re.I)
# A Latin word with dots in it; no path, mention, tag or file path may lead into it.
_LATIN = "-0-9A-Za-zÀ-ÖØ-öø-ɏ_"
_BARE = re.compile(rf"(?<![{_LATIN}@＠#＃$./\\])(?P<host>[{_LATIN}]++(?:\.(?!(?i:https?://))[{_LATIN}]++)++)")
_PORT = re.compile(r":[0-9]{1,5}(?![0-9])")
_REST = re.compile(rf"[/?#][^\s<>\"“”„«»`{{}}\\^—{_INVISIBLE}{_CJK}]*+")
_TCO_REST = re.compile(r"/[A-Za-z0-9]++(?:\?[\w=&%#-]++)?", re.A)
_MAIL_TAIL = re.compile(r"[\w.+-]{0,64}@")
_IPV4 = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_LABEL_LENGTH = 63
_TRAILING = frozenset(".,;:!?'\"…*’‘")
_OPENING = {")": "(", "]": "["}
_BLUESKY_CUT = 13
"""bsky.app shows the first 13 characters of a long path, then three dots."""

_HASH = re.compile(r"[#＃](?=\w)")
_TAG_LENGTH = 64
_TAG_EXTRAS = frozenset("\u200c\u200d·・~〜～゛゜゠〃־׳״་༌")
"""What X lets stand inside a hashtag besides letters, marks, digits and the underscore."""

_AT = re.compile(r"[@＠](?=[A-Za-z0-9_])")
_NAME = re.compile(r"[A-Za-z0-9_]++")
_X_NAME_LENGTH = 15
_DOTTED = re.compile(r"[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)*+")
_HOST = re.compile(r"[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++")
_NO_MENTION_AFTER = frozenset("!#$%&*@＠＃_")
_RETWEET = re.compile(r"(?<![\w+~.-])rt\Z", re.I)
_LATIN_END = "\u0250"
"""The first letter after the Latin alphabets: before it a letter belongs to the word an ``@`` or a name stands in."""


def is_handle(text: str) -> bool:
    """Whether ``text`` is a Bluesky handle by atproto's grammar: ``mira.example.com``, without ``@``.

    The grammar alone: a domain such as ``nytimes.com`` is a handle too.
    """
    return len(text) <= _HANDLE_LENGTH and _HANDLE.fullmatch(text) is not None


def has_known_tld(domain: str) -> bool:
    """Whether the last label of ``domain`` is a top-level domain we know: ``mira.example.com``, not ``photo.jpeg``."""
    tld = domain.rpartition(".")[2].lower()
    return tld in _TLDS or tld in _EXAMPLE_TLDS


def find_links(text: str) -> tuple[Link, ...]:
    """The links in ``text``, in order, with their place in code points: ``See t.co/Ab1.`` -> ``https://t.co/Ab1``.

    ``text`` is what stands there, ``url`` is absolute. A domain without ``https://`` counts where its last label is a
    known TLD, and without a path only where that is no word and no file ending: neither ``README.md`` nor ``so.To``.
    Punctuation that follows, closing brackets that were not opened inside, and Chinese, Japanese or Korean text end a
    link. Where a platform's own display cut the path (``example.com/a-long-pat...``), ``url`` is None.
    """
    return tuple(_links(text))


def find_tags(text: str) -> tuple[str, ...]:
    """The hashtags in ``text`` without ``#``, distinct whatever their case, in order, as first written.

    Letters, marks, digits and underscores, at least one letter, 64 characters at most; never inside a link or a word.
    ``#a#b`` are two tags (X sees none there, Bluesky one).
    """
    if "#" not in text and "＃" not in text:
        return ()
    links = find_links(text)
    tags: dict[str, str] = {}
    chained = -1
    for match in _HASH.finditer(text):
        start, end = match.end(), _tag_end(text, match.end())
        if _is_inside(links, match.start()) or (match.start() != chained and _is_glued(text, match.start())):
            continue
        chained = end
        tag = text[start:end].rstrip("_")
        if end - start <= _TAG_LENGTH and any(c.isalpha() for c in tag) and not text.startswith("://", end):
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())


def find_mentions(text: str) -> tuple[str, ...]:
    """The handles mentioned in ``text`` without ``@``, distinct whatever their case, in order, as first written.

    X's ``@name`` (15 characters at most), Bluesky's ``@name.example.com``, Mastodon's ``@name@example.com``; run
    together, ``@a@b`` are two. Never inside a link, a word or an e-mail address.
    """
    if "@" not in text and "＠" not in text:
        return ()
    links = find_links(text)
    mentions: dict[str, str] = {}
    chained = -1
    for match in _AT.finditer(text):
        at = match.start()
        if at < chained or _is_inside(links, at) or (at != chained and not _may_mention(text, at)):
            continue
        found = _mention(text, match.end())
        if found is not None:
            handle, chained = found
            mentions.setdefault(handle.casefold(), handle)
    return tuple(mentions.values())


def _links(text: str) -> Iterator[Link]:
    position = 0
    schemed, bare = _SCHEMED.search(text), _BARE.search(text)
    while schemed or bare:
        if schemed and schemed.start() < position:
            schemed = _SCHEMED.search(text, position)
            continue
        if bare and bare.start() < position:
            bare = _BARE.search(text, position)
            continue
        if schemed and (bare is None or schemed.start() < bare.end()):
            link, position = _schemed_link(text, schemed), schemed.end("host")
        elif bare:
            link, position = _bare_link(text, bare), bare.end()
        else:
            return
        if link is not None and link.end is not None:
            position = link.end
            yield link


def _schemed_link(text: str, match: re.Match[str]) -> Link | None:
    host = _host(match["host"])
    if host is None:
        return None
    after = match.start("host") + len(host)
    written = text[match.start() : after] + _trimmed(_rest(text, host, after))
    return Link(url=written, text=written, start=match.start(), end=match.start() + len(written))


def _bare_link(text: str, match: re.Match[str]) -> Link | None:
    host, start = match["host"], match.start()
    if _host(host) != host or _MAIL_TAIL.match(text, match.end()):
        return None
    rest = _rest(text, host, match.end())
    kept = _trimmed(rest)
    tld = host[host.rindex(".") + 1 :].lower()
    if tld not in (_TLDS if kept or host[:4].lower() == "www." else _PLAIN_TLDS):
        return None
    if (len(rest) == _BLUESKY_CUT + 3 and rest.endswith("...")) or (kept and rest == f"{kept}…"):
        return Link(url=None, text=host + rest, start=start, end=start + len(host + rest))
    return Link(url=f"https://{host}{kept}", text=host + kept, start=start, end=start + len(host + kept))


def _host(written: str) -> str | None:
    """The part of ``written`` that is a host name: ``example.comだよ`` -> ``example.com``; None where none is."""
    labels = written.rstrip(".-_").split(".")
    for count, label in enumerate(labels[1:], 2):
        ascii_part = label[: next((i for i, c in enumerate(label) if not c.isascii()), len(label))]
        if len(ascii_part) < len(label) and ascii_part.lower() in _TLDS:
            labels = [*labels[: count - 1], ascii_part]
            break
    host = ".".join(labels)
    if _IPV4.fullmatch(host):
        return host
    if len(labels) < 2 or not all(map(_is_label, labels)) or "_" in labels[-2]:
        return None
    tld = labels[-1]
    is_tld = len(tld) >= 2 and (tld.replace("-", "a").isalnum() if tld[:4].lower() == "xn--" else tld.isalpha())
    return host if is_tld else None


def _is_label(label: str) -> bool:
    if not label or len(label) > _LABEL_LENGTH or label[0] in "-_" or label[-1] in "-_":
        return False
    return label.isascii() or label[:4].lower() != "xn--"


def _rest(text: str, host: str, position: int) -> str:
    """Port, path, query and fragment that follow a host at ``position``, with whatever punctuation ends them."""
    if host.lower() == "t.co":
        short = _TCO_REST.match(text, position)
        return short[0] if short else ""
    port = _PORT.match(text, position)
    after = port.end() if port else position
    rest = _REST.match(text, after)
    return text[position : rest.end() if rest else after]


def _trimmed(rest: str) -> str:
    """``rest`` without the punctuation of the sentence around it: ``/wiki/Kiln_(film)).`` -> ``/wiki/Kiln_(film)``."""
    surplus = {closing: rest.count(closing) - rest.count(opening) for closing, opening in _OPENING.items()}
    end = len(rest)
    while end and (rest[end - 1] in _TRAILING or surplus.get(rest[end - 1], 0) > 0):
        end -= 1
        if rest[end] in surplus:
            surplus[rest[end]] -= 1
    return rest[:end]


def _is_inside(links: tuple[Link, ...], position: int) -> bool:
    before = bisect_right(links, position, key=lambda link: link.start or 0)
    return before > 0 and position < (links[before - 1].end or 0)


def _tag_end(text: str, start: int) -> int:
    """Where the run of hashtag characters from ``start`` ends; one beyond the longest tag at most."""
    end = start
    while end < len(text) and end - start <= _TAG_LENGTH and _is_tag_character(text[end]):
        end += 1
    return end


def _is_tag_character(character: str) -> bool:
    # "Me": keycaps and other frames around the character before, which make an emoji of it
    category = unicodedata.category(character)
    return (category[0] in "LMN" and category != "Me") or character == "_" or character in _TAG_EXTRAS


def _is_glued(text: str, position: int) -> bool:
    """Whether a word, or the ``&`` of an HTML entity, leads into ``position``; an emoji does not."""
    if position == 0:
        return False
    before = text[position - 1]
    return before in "_&" or before.isalnum() or (unicodedata.category(before) == "Mn" and before not in "\ufe0e\ufe0f")


def _may_mention(text: str, at: int) -> bool:
    if at == 0:
        return True
    before = text[at - 1]
    if before in _NO_MENTION_AFTER:
        return False
    return not (before < _LATIN_END and before.isalnum()) or _RETWEET.search(text[max(0, at - 3) : at]) is not None


def _mention(text: str, start: int) -> tuple[str, int] | None:
    """The handle that begins at ``start``, after its ``@``, and where it ends."""
    dotted = _DOTTED.match(text, start)
    if dotted is None:
        return None
    if text.startswith("@", dotted.end()) and (host := _HOST.match(text, dotted.end() + 1)):
        labels = host[0].split(".")
        while len(labels) > 1 and not _ends_in_tld(labels):
            del labels[-1]
        if len(labels) > 1:
            handle = f"{dotted[0]}@{'.'.join(labels)}"
            return handle, start + len(handle)
    labels = dotted[0].split(".")
    while len(labels) > 1 and not _is_domain(labels):
        del labels[-1]
    if len(labels) > 1:
        handle = ".".join(labels)
        return handle, start + len(handle)
    return _x_name(text, start)


def _is_domain(labels: list[str]) -> bool:
    if not is_handle(".".join(labels)) or not _ends_in_tld(labels):
        return False
    return len(labels) > 2 or labels[-1].lower() in _TLDS | _EXAMPLE_TLDS


def _ends_in_tld(labels: list[str]) -> bool:
    """Whether the last label may be a TLD: letters only, and no new sentence (``@mira.Then we``)."""
    tld = labels[-1]
    return len(tld) >= 2 and tld.isalpha() and (tld.islower() or all(label.upper() == label for label in labels))


def _x_name(text: str, start: int) -> tuple[str, int] | None:
    name = _NAME.match(text, start)
    if name is None or len(name[0]) > _X_NAME_LENGTH:
        return None
    after = text[name.end() : name.end() + 1]
    if after in ("@", "＠") and not _AT.match(text, name.end()):
        return None
    if (after.isalpha() and after < _LATIN_END) or text.startswith("://", name.end()):
        return None
    return name[0], name.end()
