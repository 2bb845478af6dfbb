"""Home pages of invented engineers and writers, and pages whose lines broke on the way: name, titles, page."""

OTHERS: dict[str, tuple[str | None, list[str], str]] = {
    "engineer": (
        "Sam Ortiz",
        [
            "tinybuild",
            "Pagecrumb",
            "Gridlock",
            "Builds are graphs, and so is everything else",
            "What I learned from 900 lines",
            "On being wrong about caching",
            "Incremental Everything",
            "The Shape of a Build",
            "Examplesoft",
            "Widget Inc.",
            "University of Example",
        ],
        """\
Sam Ortiz

Hi! I'm a software engineer at Examplesoft in Austin, working on build systems. I like small tools and long walks.

GitHub | LinkedIn | Email | RSS

Projects

- tinybuild — a build system in 900 lines of Rust. [code]
- Pagecrumb: a static site generator that leaves your HTML alone. [code] [demo]
- Gridlock — an iPhone puzzle game about traffic. 2019. [app store]

Writing

- Builds are graphs, and so is everything else, March 2024
- What I learned from 900 lines, November 2023
- On being wrong about caching (2021)

Talks

- "Incremental Everything", RustExample 2023, Berlin [video] [slides]
- "The Shape of a Build", BuildConf, May 2021

Experience

Examplesoft
Senior Software Engineer
2020 – present
Build systems and developer tools.

Widget Inc.
Software Engineer Intern
Summer 2018
Wrote dashboards.

Education

University of Example
B.S. in Computer Science, 2015–2019
""",
    ),
    "writer": (
        "Nora Quill",
        [
            "On Not Learning the Cello",
            "The Last Typist",
            "My Mother's Maps",
            "The Book Hour",
        ],
        """\
Nora Quill is a writer and editor based in Leeds. Her essays have appeared in The Example Review and elsewhere.

Books

The Salt Ledger (Example Press, 2022)
A novel about three sisters and a failing salt works.

Small Rooms (Paper Boat, 2018)
Stories.

Selected Essays

"On Not Learning the Cello," The Example Review, March 2023
"The Last Typist," Sample Quarterly, 2021
"My Mother's Maps," Longread Example, June 2020

Interviews

Example Radio, "The Book Hour," April 2022

Contact

nora@example.org
Agent: Jane Broker, Broker & Daughters
""",
    ),
    "essays": (
        "Ben Marsh",
        [
            "The Dike Reeve's Dilemma",
            "Concrete Summers",
            "Below the Line: How Cities Sink",
        ],
        """\
Ben Marsh

I write about cities, water, and bureaucracy. I live in Rotterdam, where I work as a planner for the port.

Essays

The Dike Reeve's Dilemma
Who owns the water under a city? On a thousand years of Dutch committees.
Example Magazine, April 2024

Concrete Summers
Heat islands and the people who measure them.
Sample Review, August 2022

Book

Below the Line: How Cities Sink (Example Press, 2021)

"A wonderful book about mud." — The Example Times
""",
    ),
    "years_over_lines": (
        "Anton Karlin",
        [
            'talk: "Looms, Briefly" at Example Build',
            "keynote at the workshop on weaving alone",
            "World of Knots: A Playground for Ropes (ICML 2017)",
            "TileKnit: Knitting One Tile at a Time (ICLR 2017)",
        ],
        """\
Anton Karlin

I like to teach small machines large things.

2024 -
I am building something new in education.
2023 - 2024
I came back to Example AI and built a new team there.
2017 - 2022
I was a director at Samplecar, where I led the people who taught cars to see.
2011 - 2015
My PhD was about how machines see cloth.

talks
2023 talk: "Looms, Briefly" at Example Build
2021 keynote at the workshop on weaving alone

teaching
CS 999: Machines for Cloth. I designed the course and taught it first at Example University.

pet projects
nanoloom is a loom in eighty lines.
weftling was a spelling machine in Lua.

publications
World of Knots: A Playground for Ropes (ICML 2017)
Tom Shin, Anton Karlin, Lina Fang, Jo Herd, Pia Lind
TileKnit: Knitting One Tile at a Time (ICLR 2017)
Tom Salt, Anton Karlin, Xia Cheng, Dirk Kong
""",
    ),
    "cvlike": (
        "MARIA LOPEZ",
        [
            "Senior Data Scientist, Example Health, Boston",
            "Data Analyst, Sample Insurance",
            "Bedside",
            "OpenForms",
        ],
        """\
MARIA LOPEZ
maria@example.org | linkedin.com/in/example | github.com/example

SUMMARY
Data scientist with six years of experience in health care analytics.

EXPERIENCE
Senior Data Scientist, Example Health, Boston
Jan 2021 – Present
- Built a readmission model that is used in twelve hospitals.
- Led a team of four.

Data Analyst, Sample Insurance
June 2018 – December 2020
- Automated monthly reports.

PROJECTS
Bedside – a dashboard for nurses (Python, React). [demo]
OpenForms – an open-source form builder. [code]

EDUCATION
M.S. Statistics, Example University, 2018
B.A. Mathematics, Sample College, 2016

SKILLS
Python, R, SQL
""",
    ),
    "gettext": (
        "Yuki Tan",
        [
            "FoldBot: Learning to Fold from One Video",
            "Towels Are Hard",
        ],
        """\
Yuki Tan
I am a PhD student at
Example University
, advised by
Prof. Ada Prior
and
Bo Gibbs
. I work on robots that fold laundry.
Email
/
CV
/
Google Scholar
/
Github
Research
FoldBot: Learning to Fold from One Video
Yuki Tan
,
Bo Gibbs
,
Ada Prior
CoRL 2024
[
paper
]
[
code
]
We teach a robot to fold from a single video.
Towels Are Hard
Yuki Tan
*,
Kim Lee
*,
Ada Prior
RSS 2023
[
paper
]
A benchmark of towels.
""",
    ),
    "wrapped": (
        "Piotr Zielinski",
        [
            "Flat Foldings of Very Large Sheets, with Applications to Maps and Newspapers",
            "A Crease Too Far",
            "Creaser",
            "FoldSim",
        ],
        """\
Piotr Zielinski
===============

I am a postdoctoral researcher at the Institute of Examples in Krakow,
where I work on the mathematics of paper folding. Before that, I was a
PhD student at Sample University under the supervision of Ewa Kot.

Publications
------------

1. Flat Foldings of Very Large Sheets, with Applications to Maps and
   Newspapers. Piotr Zielinski and Ewa Kot. Journal of Folding, 2022.
   [pdf] [arXiv]

2. A Crease Too Far. Piotr Zielinski. Proceedings of the Origami
   Symposium, 2020. [pdf]

Software
--------

Creaser: an editor for crease patterns which checks flat foldability as
you draw and exports to SVG.

FoldSim: a small simulator of stiff paper, written in C, that we used for
the figures in the papers above.

Other
-----

In my free time I repair clocks. If you have a broken one, please write
to me at piotr@example.org.
""",
    ),
    "datefirst": (
        "Kofi Mensah",
        [
            "Indexes Are Opinions",
            "The Query That Ate Tuesday",
            "Learning B-trees Again",
        ],
        """\
Kofi Mensah
Engineer, occasional writer. I work on databases at Example Systems.

Posts

May 3, 2024
Indexes Are Opinions
Why every index is a bet on the future.

January 12, 2024
The Query That Ate Tuesday
A story of one bad plan.

2022-11-30
Learning B-trees Again
Notes from a week with a textbook.
""",
    ),
    "titledtext": (
        None,
        [
            "Motion Planning at Scale",
            "Sample Compiler",
            "Open Robotics Data",
        ],
        """\
Hello! I am a research engineer at Example Robotics. I work on planning, and I used to work on compilers at Sample
Corp.

Motion Planning at Scale: I built the planner that moves two hundred robots through a warehouse every night, and
the tools to debug it.

Sample Compiler: a compiler for a small functional language, with a garbage collector that never pauses for
more than a millisecond.

Open Robotics Data: we released ten thousand hours of robot logs, with annotations.

One thing I care about: robots should be boring. I have written about that in several places, and given talks about
it at RoboConf and elsewhere.

In my free time: I climb, and I play the viola in an amateur quartet.
""",
    ),
    "sparse": (
        "Tess Rowe",
        [],
        """\
I'm Tess Rowe, a designer and developer in Halifax. I make maps.

Right now I work at the Example Times on the graphics desk. Previously I was at Sample Labs.

You can reach me at tess@example.org.
""",
    ),
}
