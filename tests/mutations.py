"""Dumps with something wrong in them: bytes flipped, cut and doubled, and values that no format means.

Everything is drawn from one ``Random``, so that a number is enough to make the same dump again.
"""

import io
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

Members = dict[str, bytes]
"""The files of a dump by name; a plain file has one, without a name."""

DEEP = 5_000
_ODD: tuple[Any, ...] = (
    None,
    "",
    " ",
    [],
    {},
    0,
    -1,
    True,
    1.5,
    1.75e18,
    2**63,
    10**30,
    "\ud800",
    "a\ud83d",
    "\0",
    "x\0y",
    "\u202e",
    "٣",
    "1e9",
    "-5",
    "NaN",
    "Mon Oct 03 00:23:22 +0000 1997",
    "Fri Dec 31 23:59:59 +0000 9999",
    "1997-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00-14:00",
    "2024-02-30T25:61:00Z",
    "2024-01-01",
    "http://[::1",
    "at://",
    "https://x.com/mira/status/99999999999999999999999",
    "did:plc:",
    "x" * 70_000,
    [None],
    [[]],
    [{}],
    {"": ""},
)
_BYTES = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b'"',
    b"\\",
    b"\\ud800",
    b"{",
    b"]",
    b"[[[[",
    b"<",
    b">",
    b"</div>",
    b"<div>" * 2_000,
    b"<!--",
    b"<![if x]>",
    b"&#xd800;&#1114112;&#99999999999;",
    b"\n",
    b"\r\n\r\n",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    b"9" * 5_000,
    b"1e999",
    b"-0",
)
_DATES = (b"1997", b"9999", b"0000", b"2024", b"10000")
_NUMBER = re.compile(rb"\d{1,30}")
_YEAR = re.compile(rb"\b(?:19|20)\d\d\b")
_QUOTED = re.compile(rb"\"([^\"\\\n]{0,200})\"|>([^<>]{1,200})<")
_KEYS = re.compile(rb"(?<![\w\"])(?:data-[\w-]+|class|href|datetime|title|id)(?==)")


def members_of(path: Path) -> Members:
    """The files of a sample, which is one or a folder of them."""
    if path.is_file():
        return {"": path.read_bytes()}
    return {item.relative_to(path).as_posix(): item.read_bytes() for item in sorted(path.rglob("*")) if item.is_file()}


def mutated(members: Members, random: Random) -> tuple[bytes, str]:
    """A dump that is ``members`` but for what is wrong with it, and an ending for the name of its file."""
    changed = dict(members)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        name = random.choice(list(changed) or [""])
        data = changed.get(name, b"")
        if len(changed) > 1 and random.random() < 0.1:
            _misname(changed, name, random)
        elif random.random() < 0.5 and _is_json(data):
            changed[name] = _with_values(data, random)
        else:
            changed[name] = random.choice(_CHANGES)(data, random)
    if list(changed) == [""]:
        return changed[""], ".dump"
    packed, ending = random.choice((_zipped, _tarred))(changed.items())
    return (random.choice(_CHANGES)(packed, random), ending) if random.random() < 0.2 else (packed, ending)


def _misname(members: Members, name: str, random: Random) -> None:
    data = members.pop(name)
    if random.random() < 0.7:
        members[random.choice(["x/" + name, name.upper(), "a" * 300, "data/\ufffd.js", name + "/tweets.js", "é"])] = (
            data
        )


def _flipped(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 4, 40)) if data else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _without(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _doubled(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 3, 20)) + data[end:]


def _moved(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    rest = data[:start] + data[end:]
    to = random.randrange(len(rest) + 1)
    return rest[:to] + data[start:end] + rest[to:]


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 8, 80, 800, 8_000)))


def _inserted(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_BYTES) * random.choice((1, 1, 1, 50)) + data[at:]


def _replaced(pattern: re.Pattern[bytes], values: Iterable[bytes]) -> Callable[[bytes, Random], bytes]:
    def change(data: bytes, random: Random) -> bytes:
        places = [match.span() for match in pattern.finditer(data)]
        for start, end in sorted(random.sample(places, min(len(places), random.choice((1, 1, 3)))), reverse=True):
            data = data[:start] + random.choice(tuple(values)) + data[end:]
        return data

    return change


def _recoded(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(random.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "shift-jis", "utf-8-sig")), "replace")


_CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flipped,
    _flipped,
    _cut,
    _cut,
    _without,
    _doubled,
    _moved,
    _inserted,
    _inserted,
    _replaced(_NUMBER, (b"0", b"-1", b"9" * 25, b"9" * 5_000, b"1.5", b"1e30", b"null", b'"x"', b"")),
    _replaced(_YEAR, _DATES),
    _replaced(
        _QUOTED, (b"null", b"[]", b'""', b"><", b'"\\ud800"', b'"\\u0000"', b">\0<", b'"' + b"y" * 70_000 + b'"')
    ),
    _replaced(_KEYS, (b"data-x", b"class", b"href", b"")),
    _recoded,
)


def _is_json(data: bytes) -> bool:
    return data.lstrip()[:1] in (b"{", b"[") or b" = [" in data[:100] or b" = {" in data[:100]


def _with_values(data: bytes, random: Random) -> bytes:
    """JSON with some of its values swapped for others and some of its keys renamed; whatever cannot be read stays."""
    try:
        text = data.decode("utf-8")
        begins = re.match(r"\s*(?:[\w.]+ = )?", text)
        head, body = (begins[0], text[begins.end() :]) if begins else ("", text)
        lines = [body] if head.strip() or _parses(body) else body.split("\n")
        at = random.randrange(len(lines))
        lines[at] = json.dumps(_changed(json.loads(lines[at]), random))
    except (ValueError, RecursionError):
        return data
    out = head + "\n".join(lines)
    if random.random() < 0.1:
        out = out.replace(":", ":" + "[" * DEEP + "]" * DEEP + ', "deep":', 1)
    return out.encode("utf-8")


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _changed(value: Any, random: Random) -> Any:
    places: list[tuple[Any, Any]] = []
    waiting = [value] if isinstance(value, dict | list) else []
    while waiting:
        held = waiting.pop()
        keys: Iterable[Any] = held.keys() if isinstance(held, dict) else range(len(held))
        for key in keys:
            places.append((held, key))
            if isinstance(held[key], dict | list):
                waiting.append(held[key])
    if not places:
        return random.choice(_ODD)
    for _ in range(random.choice((1, 1, 2, 5))):
        holder, key = random.choice(places)
        _change_at(holder, key, random)
    return value


def _change_at(holder: Any, key: Any, random: Random) -> None:
    if isinstance(holder, list):
        if key < len(holder):
            holder[key] = random.choice((*_ODD, holder[:3], [holder[key]]))
        return
    if key not in holder:  # it was renamed or taken away
        return
    choice = random.random()
    if choice < 0.15:
        del holder[key]
    elif choice < 0.3:
        other = random.choice([*holder, "x", "id", "text", ""])
        holder[other] = holder.pop(key)
    elif choice < 0.4 and isinstance(holder[key], int | str):
        with_digits = str(holder[key])
        holder[key] = float(with_digits) if with_digits.isascii() and with_digits.isdigit() else [holder[key]]
    else:
        holder[key] = random.choice(_ODD)


def _zipped(members: Iterable[tuple[str, bytes]]) -> tuple[bytes, str]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    return packed.getvalue(), ".zip"


def _tarred(members: Iterable[tuple[str, bytes]]) -> tuple[bytes, str]:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as file:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return packed.getvalue(), ".tar.gz"
