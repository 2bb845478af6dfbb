"""Pages as browsers and archives save them."""

import base64
import plistlib
import quopri

URL = "https://a.example/mira"


def mhtml(page: bytes, url: str = URL, encoding: str = "quoted-printable", kind: str = "text/html") -> bytes:
    body = {
        "quoted-printable": quopri.encodestring(page).replace(b"\n", b"\r\n"),
        "base64": base64.encodebytes(page),
        "8bit": page,
    }[encoding]
    picture = b"\r\n--=_b_1\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    return (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: =?utf-8?Q?Kilns?=\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="=_b_1"\r\n\r\n\r\n'
        f"--=_b_1\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Location: {url}\r\n\r\n"
    ).encode() + b"".join((body, picture, b"--=_b_1--\r\n"))


def web_archive(page: bytes, url: str = URL) -> bytes:
    resource = {"WebResourceData": page, "WebResourceTextEncodingName": "UTF-8", "WebResourceURL": url}
    return plistlib.dumps({"WebMainResource": resource, "WebSubresources": []}, fmt=plistlib.FMT_BINARY)


def from_wayback(page: bytes, _url: str) -> bytes:
    there = page
    for name in (b"href", b"src", b"content"):
        there = there.replace(name + b'="https://', name + b'="https://web.archive.org/web/20240401101500/https://')
        there = there.replace(name + b'="http://', name + b'="/web/20240401101500im_/http://')
    return there.replace(b"</body>", b"<!-- FILE ARCHIVED ON 10:15:00 Apr 01, 2024 --></body>")
