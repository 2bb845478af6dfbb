"""What the Python interface returns reads well, and the text of posts stays text in a terminal and in a notebook."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hostile_strings import SMALL

from threadkeep.api.views import HitView, ImportReports, PageView, PostView, ThreadView
from threadkeep.archive.reports import ImportReport, SearchHit, SearchPage
from threadkeep.records import Account, Gap, Post, Problem, Ref, StoredPost, Thread, When
from threadkeep.text.control_chars import escape_controls


def stored(text: str, number: int = 1, created: When | None = None) -> StoredPost:
    author = Account(Ref("x", "7"), "mira", "Mira Okafor")
    return StoredPost(Post(Ref("x", str(number)), author.ref, text, created=created), author, Ref("x", "1"), ("ab",))


def hit(text: str, *spans: tuple[int, int]) -> HitView:
    return HitView(SearchHit(stored(text), 1.5, 2, text, spans))


def test_a_post_shows_who_when_and_the_beginning_of_its_text() -> None:
    when = When(datetime(2024, 5, 1, 12, 30, tzinfo=UTC))
    post = PostView(stored("The kiln is hot.\nIt hums. " + "And so on. " * 9, created=when))
    assert repr(post) == (
        '<PostView x:1 @mira, 2024-05-01: "The kiln is hot. It hums. And so on. And so on. And so on. …">'
    )


@pytest.mark.parametrize(
    ("precision", "shown"), [("year", "@mira, 2024"), ("month", "@mira, 2024-05"), ("day", "@mira, 2024-05-01")]
)
def test_a_date_is_shown_as_exactly_as_it_is_known(precision: str, shown: str) -> None:
    when = When(datetime(2024, 5, 1, tzinfo=UTC), precision)  # type: ignore[arg-type]
    assert PostView(stored("hot", created=when)).byline() == shown


def test_what_is_not_known_is_none() -> None:
    post = PostView(StoredPost(Post(Ref("text", "~ab"), None, "hot"), None, Ref("text", "~ab"), ()))
    assert (post.author, post.author_name, post.created, post.precision, post.url, post.reply_to, post.title) == (
        *(None, None, None, None, None, None, None),
    )
    assert post.byline() == "unknown author, no date"
    assert (post.tags, post.links, post.counts) == ((), (), {})


def test_a_post_has_the_address_that_its_id_says() -> None:
    assert PostView(stored("hot", 1750)).url == "https://x.com/i/status/1750"


def test_posts_are_equal_and_hash_by_what_they_hold() -> None:
    assert PostView(stored("hot")) == PostView(stored("hot"))
    assert PostView(stored("hot")) != PostView(stored("cold"))
    assert len({PostView(stored("hot")), PostView(stored("hot"))}) == 1


def test_matches_are_marked_as_asked() -> None:
    assert hit("The kiln is hot.", (4, 8)).marked("[", "]") == "The [kiln] is hot."


def test_a_page_shows_how_many_of_how_many() -> None:
    found = SearchPage((SearchHit(stored("hot"), 1.5, 2, "hot", ()),), 1_200)
    page = PageView("kiln", found)
    assert repr(page) == "<PageView of 'kiln': 1 of 1,200 hits>"
    assert page[0].score == 1.5
    assert page[:1] == page.hits
    assert page.to_dict()["total"] == 1_200
    assert "1 of 1,200 for <code>kiln</code>" in page._repr_html_()


def test_a_suggestion_and_warnings_show_in_a_notebook() -> None:
    html = PageView("<kiln", SearchPage((), 0, "kilns", ("no post is called “<a>”",)))._repr_html_()
    assert "Did you mean <code>kilns</code>?" in html
    assert "&lt;a&gt;" in html
    assert "<code>&lt;kiln</code>" in html


def test_a_thread_shows_where_a_post_is_missing() -> None:
    thread = ThreadView(Thread(Ref("x", "1"), (stored("hot"), Gap(Ref("x", "2"), "deleted"), stored("cold", 3))))
    assert repr(thread) == "<ThreadView x:1 @mira, no date: 2 posts, 1 missing>"
    assert [post.text for post in thread] == ["hot", "cold"]
    assert thread[1:] == (thread[1],)
    assert [item["type"] for item in thread.to_dict()["items"]] == ["post", "gap", "post"]
    html = thread._repr_html_()
    assert html.index("hot") < html.index("[missing post: deleted, x:2]") < html.index("cold")


def test_reports_add_up_and_show_as_a_table() -> None:
    problem = Problem("line 1", "not JSON", "{")
    reports = ImportReports(
        [
            ImportReport("a<b>.zip", "x-archive", "ab", 3, new=2, problems=(problem,), posts=2),
            ImportReport("c.bin", None, None, 1, problems=(problem,)),
        ]
    )
    assert repr(reports) == "<ImportReports: 2 sources, 2 posts, 2 new records, 2 problems, 1 failed>"
    assert reports.failed == reports[1:]
    assert reports.to_dict()[0]["problems"] == [{"locator": "line 1", "reason": "not JSON"}]
    html = reports._repr_html_()
    assert "<td>a&lt;b&gt;.zip</td>" in html
    assert html.count("<tr>") == 3


class Tags(HTMLParser):
    """The tags of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets |= {value or "" for name, value in attrs if name in ("href", "src")}


@pytest.mark.parametrize("text", SMALL.values(), ids=SMALL)
def test_hostile_text_stays_text(text: str) -> None:
    views = (
        hit(text, (0, min(1, len(text)))),
        PostView(stored(text)),
        PageView(text, SearchPage((SearchHit(stored(text), 1.0, 1, text, ()),), 1, text, (text,))),
        ThreadView(Thread(Ref("x", "1"), (stored(text), Gap(Ref("x", text), text)))),
        ImportReports([ImportReport(text, None, None, 0)]),
    )
    for view in views:
        assert repr(view) == escape_controls(repr(view))
        html = view._repr_html_()
        assert html == escape_controls(html)
        page = Tags(html)
        assert page.tags <= {"div", "p", "a", "code", "mark", "table", "thead", "tbody", "tr", "th", "td"}
        assert page.targets <= {"https://x.com/i/status/1"}


def test_an_address_that_is_not_on_the_web_is_not_a_link() -> None:
    record = StoredPost(Post(Ref("text", "~ab"), None, "hot", url="javascript:alert(1)"), None, Ref("text", "~ab"), ())
    assert "href" not in PostView(record)._repr_html_()
