"""Home pages of invented researchers, an entry over several lines: name, titles, page."""

# ruff: noqa: E501 - pages are as wide as browsers paste them

RESEARCHERS: dict[str, tuple[str | None, list[str], str]] = {
    "labels_in_rows": (
        "Mira Okafor",
        [
            "DrapeIt: Garments in Four Seconds",
            "A Simple Rule for Yarn",
            "Any-Stitch: Textiles from Two Photographs",
            "Knitting Without Edges: Scarves of Any Length",
        ],
        """\
Mira Okafor

I'm a research scientist at Loomworks Labs in Porto, where I look after a small team that draws cloth by computer.

At Loomworks I've built Warp, Weft, and the drape simulator. My PhD is from the University of Example, with Jon Doe. My thesis won a small prize.

Email  /  CV  /  Bio  /  Scholar  /  Twitter  /  Bluesky  /  Github

profile photo
Research
I'm interested in cloth, light, and what one says about the other. Most of my work asks what a photograph of a shirt can tell.

	DrapeIt: Garments in Four Seconds
Stan Weaver, Jason Y. Thread, Philipp Knotter, Mira Okafor, Lu Sew, Ann Seam, Bo Hem
ICCV, 2025
project page / arXiv

A garment in four seconds, from one photograph of a coat.

	A Simple Rule for Yarn
Mira Okafor
arXiv, 2025
arXiv / tweet / video / code

A small rule that tells how thick yarn looks from afar.

	Any-Stitch: Textiles from Two Photographs
Rui Gao*, Alex Hole*, Phil Henz*, Mira Okafor
NeurIPS, 2024   (Oral Presentation)
project page / arXiv

Given two photographs of a fabric, we draw the rest of it.

Knitting Without Edges: Scarves of Any Length
Mira Okafor, Ben Hall, Dor Vern, Prat Srin, Pete Hed
CVPR, 2022   (Oral Presentation, Best Paper Finalist)
project page / arXiv / video

Our loops can go on for as long as the wool does.
Miscellanea
Micropapers

Roundplus: A Softer Corner
A Handy Curve for Hems
Smooth Seams Everywhere
Academic Service
	Area Chair, CVPR 2024
Lead Area Chair, CVPR 2025
Teaching
	Graduate Student Instructor, CS188 Spring 2011
Graduate Student Instructor, CS188 Fall 2010

Feel free to copy the source of this page, but please change the name.
""",
    ),
    "alfolio": (
        "Tomas Lind",
        [
            "Placebo Gardens for Partially Observed Orchards",
            "Slow Samplers, Fast Friends",
        ],
        """\
about
blog
publications
cv
Tomas Lind
PhD Student in Statistics, University of Example

Room 12, Gauss Hall

I am a third-year PhD student in statistics at the University of Example, advised by Ann Prior. My research is on causal inference for small data. Before that, I studied mathematics in Uppsala.

news
Jan 15, 2025	Our paper on placebo gardens was accepted to AISTATS 2025.
Oct 02, 2024	I am visiting the Bayes group in Bonn this winter.
Jun 20, 2024	I gave a talk on tiny trials at EuroCIM.

selected publications
AISTATS
Placebo Gardens for Partially Observed Orchards
Tomas Lind, Ann Prior, and Bo Gibbs
In Proceedings of the 28th Conference on Example Statistics, 2025
Abs PDF Code Poster
JCGS
Slow Samplers, Fast Friends
Tomas Lind and Bo Gibbs
Journal of Computational Examples, 2023
Abs arXiv HTML
© Copyright 2025 Tomas Lind. Powered by Jekyll with al-folio theme. Hosted by GitHub Pages.
""",
    ),
    "mixed": (
        "Jun Seo",
        [
            "Fingers First: Tactile Pretraining for Grasping",
            "Hands That Listen",
            "A Glove for Every Robot",
        ],
        """\
Jun Seo (서준)

I am a fourth-year Ph.D. student at Example Institute of Science, working with Prof. Ho Park. I study robot hands.

[CV] [Google Scholar] [Twitter]

News

Sep 2024: One paper accepted to CoRL.
Jul 2024: Visiting researcher at Samplelab until December.

Publications

(* indicates equal contribution)

Preprints

Fingers First: Tactile Pretraining for Grasping
Jun Seo*, Min Ji Kim*, Ho Park
arXiv preprint arXiv:2405.01234, 2024
[Paper] [Website]

2024

Hands That Listen
Min Ji Kim, Jun Seo, Ho Park
IEEE International Conference on Robotics and Automation (ICRA), 2024
Best Paper Award in Manipulation
[Paper] [Video] [Code]

2023

A Glove for Every Robot
Jun Seo, Ho Park
RSS 2023
[Paper]

Teaching

TA, CS 101: Introduction to Robotics, Spring 2023
TA, CS 230: Control, Fall 2022
""",
    ),
    "bullets": (
        "Priya Nair",
        [
            "Noisy Ballots: Private Voting at Scale",
            "Budgets You Can Trust",
            "Secrets in the Margins",
        ],
        """\
Priya Nair

I am a graduate student at Example Tech working with Prof. Lin Wu on privacy. I am also a Research Intern at Samplesoft.

Email | Google Scholar | GitHub | LinkedIn

News
[05/2024] Our paper on noisy ballots was accepted to USENIX Security!
[01/2024] I passed my qualifying exam.
2023-08: Started an internship at Samplesoft.
2022.09: Joined Example Tech.

Publications
• Noisy Ballots: Private Voting at Scale
  Priya Nair, Lin Wu
  USENIX Security 2024
  Paper • Code • Talk
• Budgets You Can Trust
  Priya Nair*, Omar Saleh*, Lin Wu
  CCS 2023 | arXiv | code
• Secrets in the Margins
  Omar Saleh, Priya Nair
  PETS 2022 (Best Student Paper)
  (pdf) (slides)

Awards
• Example Fellowship, 2023
• Best Student Paper, PETS 2022
""",
    ),
    "pipes": (
        "Ravi Menon",
        [
            "BenchSlap: Measuring Benchmarks",
            "Contamination Is a Spectrum",
            "Evals for the Rest of Us",
            "How to read a leaderboard",
            "Why your eval is wrong",
        ],
        """\
Ravi Menon
Email | Scholar | GitHub | X

I'm a member of technical staff at Example AI. I work on evaluation.

Selected Papers

BenchSlap: Measuring Benchmarks
Ravi Menon, Ada Prior, Bo Gibbs
ICML 2025 Spotlight
arXiv | code | twitter

Contamination Is a Spectrum
Ravi Menon*, Kim Lee*
Preprint, under review
arXiv

Evals for the Rest of Us
Kim Lee, Ravi Menon, Jo Gray
ACL 2023 (Findings)
Paper / Code / Data

Blog Posts

How to read a leaderboard (Dec 2024)
Why your eval is wrong (Mar 2023)
""",
    ),
    "links_sameline": (
        "Omar Haddad",
        [
            "Joins Without Tears",
            "Indexes for the Impatient",
            "Lazy Trees",
            "FastFold (C++, 2020)",
            "TinyQL (2019)",
        ],
        """\
Omar Haddad

Hello! I'm a PhD student at Example Tech. My research interests are in databases.

Publications

Joins Without Tears [pdf] [code]
Omar Haddad, Lea Roth. SIGMOD 2024

Indexes for the Impatient [pdf] [slides]
Omar Haddad, Lea Roth, Sam Fox. VLDB 2022 (Best Demo)

Lazy Trees [pdf]
Omar Haddad. CIDR 2021

Projects

FastFold (C++, 2020): a folding library for lists that never allocates. (code)
TinyQL (2019): SQL for spreadsheets. (code, demo)
""",
    ),
    "doublespaced": (
        "Hana Novak",
        [
            "Hearing Shapes",
            "Seeing Chords",
            "Echoes of Echoes",
        ],
        """\
Hana Novak

I am a PhD candidate at Example ETH working on sound and vision.

Email / Google Scholar / Twitter

Publications

Hearing Shapes

Hana Novak, Ueli Frei, Jo Gray

ICASSP 2024

[paper] [code]

We recover room shape from one clap.

Seeing Chords

Hana Novak, Jo Gray

ISMIR 2022

[paper]

A model that sees chords on guitars.

Echoes of Echoes

Ueli Frei, Hana Novak

WASPAA 2021

[paper] [video]

Reverberation twice.
""",
    ),
}
