"""Pages in the shapes that sites have: of each the words of its main text, and words that stand around it."""

from typing import NamedTuple

TEXT = (
    "<p>First I weigh the ash, then I lay the wood, and then I wait for the wind to turn, which takes all morning.</p>"
    "<p>When the cones fall I close the door with bricks and clay, and I sit beside it until the stars are out.</p>"
)
WORDS = ("weigh the ash", "close the door")


class Shape(NamedTuple):
    """A page, the words its text must have, and those it must not have."""

    page: str
    kept: tuple[str, ...] = WORDS
    left_out: tuple[str, ...] = ()


def page(body: str, head: str = "<title>The kiln</title>") -> str:
    return f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{body}</body></html>"


SHAPES = {
    "an article in a main": Shape(
        page(
            "<header><a href=/>Clay Weekly</a></header><nav><a href=/a>Alpha</a></nav><main><article><h1>The kiln</h1>"
            f"{TEXT}</article></main><aside>Read our almanac</aside><footer>© Clay Weekly</footer>"
        ),
        left_out=("Clay Weekly", "Alpha", "almanac"),
    ),
    "a blog of WordPress": Shape(
        page(
            '<div id="page"><div id="masthead" class="site-header"><ul class="menu"><li><a href=/>Start</a><li>'
            '<a href=/about>About me</a></ul></div><div id="content"><div class="hentry"><h1>The kiln</h1>'
            f'<div class="entry-content">{TEXT}<div class="sharedaddy">Tweet this</div></div></div><div id="comments">'
            "<h2>2 thoughts</h2><p>Lovely, I have to try that one day.</p></div></div>"
            '<div id="secondary" class="sidebar">Recent pots</div></div>'
        ),
        left_out=("About me", "Tweet this", "Lovely", "Recent pots"),
    ),
    "an old page in tables": Shape(
        page(
            "<table width=100%><tr><td bgcolor=#cccccc><a href=1.html>One</a><br><a href=2.html>Two</a><br>"
            f"<a href=3.html>Three</a></td><td>{TEXT}</td></tr></table>"
        )
    ),
    "text in a body without anything": Shape("<html><body>" + TEXT + "</body></html>"),
    "paragraphs that are divs": Shape(
        page("<div class=wrap><div>" + TEXT.replace("<p>", "<div>").replace("</p>", "</div>") + "</div></div>")
    ),
    "paragraphs that are line ends": Shape(page(TEXT.replace("<p>", "").replace("</p>", "<br><br>"))),
    "a newspaper with a banner for cookies": Shape(
        page(
            '<div id="onetrust-consent" class="cookie-banner"><p>We value your privacy</p>'
            "<button>Accept all</button></div>"
            f'<div role="banner">The Potter</div><div itemprop="articleBody">{TEXT}</div>'
            '<section class="related-stories"><h3>More about pots</h3></section><div role="contentinfo">Imprint</div>'
        ),
        left_out=("privacy", "Accept all", "The Potter", "More about pots", "Imprint"),
    ),
    "a page of documentation": Shape(
        page(
            '<div class="sidebar"><ul><li><a href=a>Install</a><li><a href=b>Use</a><li><a href=c>Ask</a></ul></div>'
            f'<div role="main" class="document">{TEXT}<pre>kiln --cone 6\n  --hold 10</pre></div>'
        ),
        kept=(*WORDS, "kiln --cone 6\n  --hold 10"),
        left_out=("Install",),
    ),
    "a question with answers": Shape(
        page(
            f'<div id="question">{TEXT}</div><div id="answers"><div class="answer"><p>Weigh it twice, and write both '
            "down, so that you can see how much water was in it.</p></div></div>"
        ),
        kept=(*WORDS, "Weigh it twice"),
    ),
    "several entries on one page": Shape(
        page(f"<main><article><h2>One</h2>{TEXT}</article><article><h2>Two</h2><p>Short note.</p></article></main>"),
        kept=(*WORDS, "## One", "## Two", "Short note."),
    ),
    "an encyclopedia": Shape(
        page(
            '<div id="mw-navigation"><a href=/r>Random page</a></div><div id="mw-content-text" class="mw-body">'
            f'<div class="mw-parser-output">{TEXT}<h2>Types<span class="mw-editsection">[edit]</span></h2>'
            '<p>There are two.</p><div class="navbox">Kilns of the world</div></div></div>'
        ),
        kept=(*WORDS, "## Types", "There are two."),
        left_out=("Random page", "[edit]", "Kilns of the world"),
    ),
    "what scripts will show": Shape(
        page(
            f'<div id="__next"><main>{TEXT}</main></div><script id="__NEXT_DATA__" type="application/json">'
            '{"secret": "state"}</script><noscript>Turn scripts on</noscript><style>.x{color:red}</style>'
            "<template>Not yet</template><div hidden>Never</div>"
        ),
        left_out=("state", "Turn scripts on", "color", "Not yet", "Never"),
    ),
    "short words that link": Shape(
        page('<ul><li><a href="https://a.example/">Ash, a history</a><li><a href="https://b.example/">Clay</a></ul>'),
        kept=("Ash, a history", "Clay"),
    ),
}
