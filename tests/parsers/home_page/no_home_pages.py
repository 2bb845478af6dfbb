"""Texts that are no home page though something in each looks like one."""

# ruff: noqa: E501 - pages are as wide as browsers paste them

NO_HOME_PAGES = {
    "essay": """\
On Walking Slowly

I am a slow walker. I have been one since I was a student in Leeds, when the hills taught me to take my time.

There is a kind of attention that comes only at three miles an hour. Thoreau knew it: he walked four hours a day.

My grandmother was a teacher. She used to say: the road does not mind.

I work at a desk now, and I miss the hills.
""",
    "essay2": """\
Why I Left

I was a software engineer at Examplesoft for nine years. I quit in March 2021, and people keep asking me why.

Money: it was good. Time: there was none of it.

The Meetings: every day began with one and ended with two, and in between we wrote about the next one.

The Code: nobody read it any more, least of all me.

The Cake: excellent, to be fair, and there was always more of it than anyone could eat.

I don't regret it.
""",
    "readme": """\
tinybuild

A build system in 900 lines.

Installation

pip install tinybuild

Usage

Run tinybuild in your project folder. See the documentation for more.

Options

--jobs N: run N jobs at once, by default as many as there are processors
--verbose: print every command before it is run

Contributing

Pull requests are welcome. For major changes, please open an issue first.

License

MIT

Contact

Email / GitHub
""",
    "article": """\
City Council Approves New Bridge
By Jane Reporter
May 3, 2024

The council voted on Tuesday to build a bridge. "I am an engineer, and I can tell you it will stand," said Mayor Ana Silva.

Ada Byron is a professor of civil engineering at Example University. She said: the river will not mind.

Related: Old Bridge Closed
""",
    "xpaste": """\
I'm a PhD student and I just submitted my thesis! Thank you to everyone who made this possible.
New paper: Weaving by Numbers. We show that looms can be programmed with arithmetic alone.
Paper: https://example.com/paper
Code: https://example.com/code
Some personal news: I am joining Example Tech as an assistant professor in 2025!
Key finding: small looms beat large ones when thread is scarce, and by a wide margin.
The Trick: we never let the thread go slack, which sounds obvious but took a year.
What a week. I work on looms and nobody told me about moths.
""",
    "program": """\
Workshop on Examples 2024

Program

9:00 Opening
9:15 Weaving by Numbers
Ada Byron, Jo Gray
10:00 Small Looms
Kim Lee
11:00 Coffee

Accepted Papers

Weaving by Numbers
Ada Byron, Jo Gray
[paper]

Small Looms
Kim Lee, Bo Gibbs
[paper]
""",
    "email": """\
From: Ada Byron <ada@example.org>
To: Jo Gray <jo@example.org>
Subject: the looms

Dear Jo,

I am a little worried about the looms. I work on them every day, but the research is slow.

Best,
Ada
""",
    "recipe": """\
Lentil Soup

Ingredients

2 cups of lentils
1 onion

Notes: soak them overnight if you have the time and a big enough pot.

I am a cook at heart. I make it every week.
""",
    "chat": """\
Ada: I am a student at Example University, are you?
Jo: yes! I work on looms
Ada: nice, me too. Small Looms are my favorite thing in the world
Jo: let's write a paper about them then, shall we
""",
    "csv": """\
name,role,year
Ada Byron,professor,2020
Jo Gray,student,2021
""",
    "minutes": """\
Minutes, May 3, 2024

Present: Ada Byron, Jo Gray, Kim Lee

Budget: the treasurer reported that there is none left for this year.
Looms: Jo said that two of them need repair before the summer.
Moths: Kim works on it and will report again.

Next meeting: June 2024
""",
    "wiki": """\
Ada Byron

Augusta Ada Byron was an English mathematician and writer, chiefly known for her work on looms.

Biography

Byron was born in 1815 in London. She was a student of many teachers.

Work

Between 1842 and 1843, Byron translated an article.

References

Fuegi, J. (2003). Lovelace and Babbage. IEEE Annals, 25(4).
""",
    "poem": """\
I am a river
I make my bed
I work in stone

The Mill: it turns
The Wheel: it burns
The Stone: it learns
""",
}
