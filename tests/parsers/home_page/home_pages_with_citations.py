"""Home pages of invented scholars, an entry a line as citations go: name, titles, page."""

# ruff: noqa: E501 - pages are as wide as browsers paste them

SCHOLARS: dict[str, tuple[str | None, list[str], str]] = {
    "titlefirst": (
        "Ines Abreu",
        [
            "Register Allocation by Rumour",
            "Gradual Typing Considered Pleasant",
            "A Calculus of Leftovers",
            "Do Optimizers Dream?",
        ],
        """\
Prof. Ines Abreu
Associate Professor of Computer Science, Universidade de Exemplo

Email: ines at example dot org
Office: Building 7, Room 2.14

I work on compilers and programming languages. I lead the Tiny Compilers Group.

Selected Publications

Register Allocation by Rumour. Ines Abreu, Paulo Reis, and Q. Wu. PLDI 2023. [pdf] [slides] [code]
Gradual Typing Considered Pleasant. Marta Luz and Ines Abreu. In Proceedings of POPL 2021. [pdf]
A Calculus of Leftovers. Ines Abreu. Journal of Example Programming, 31(2), 2019. [pdf] [errata]
Do Optimizers Dream? Ines Abreu and Q. Wu. Onward! Essays 2018. [pdf]

Teaching

Compilers (Fall 2020, Fall 2021, Fall 2022)
Introduction to Programming (Spring 2019)

Students

Paulo Reis (PhD, 2023)
Marta Luz (MSc, 2020)
""",
    ),
    "authorsfirst": (
        "Lars Holm",
        [
            "The melody of whispered questions",
            "Tone without tone: evidence from whispered Mandarin",
            "Quiet voices and the theory of loudness",
            "Whispering in crowds",
            "How loud is a whisper?",
        ],
        """\
Lars Holm

I am an assistant professor in the Department of Linguistics at Example University. My work is on prosody and on how people whisper.

Publications

Holm, L., & Sato, Y. (2023). The melody of whispered questions. Journal of Phonetic Examples, 51, 100-121.
Sato, Y., Holm, L., & Nkemelu, D. (2021). Tone without tone: evidence from whispered Mandarin. Language Examples, 97(3), e1-e40. [pdf]
Holm, L. (2019). "Quiet voices and the theory of loudness." Proceedings of the International Congress of Examples, 2019.
L. Holm and D. Nkemelu. "Whispering in crowds." In Proc. Interspeech, pp. 12-16, 2018.

Conference Presentations

Holm, L. (2022). How loud is a whisper? Talk at the Acoustic Example Society, Oslo.
""",
    ),
    "econ": (
        "Dana Whitfield",
        [
            "Snow Days and Learning",
            "The Wages of Patience",
            "Bus Routes and Birth Weights",
            "Learning to Wait",
            "Rent Control and Pets",
        ],
        """\
Dana Whitfield
Assistant Professor of Economics
Example School of Business

dana@example.org · CV · Google Scholar · Twitter

I am an applied microeconomist. My research interests are labor and education.

Working Papers

Snow Days and Learning (with Pat Rivers and Lee Stone), 2024. Revise and resubmit, Journal of Example Economics
Abstract: We study unplanned school closures using administrative data.

The Wages of Patience
Job market paper
Abstract: Do patient workers earn more? Using lotteries, I find that they do.

Publications

"Bus Routes and Birth Weights" (with Kim Field). Review of Example Statistics, 2022.
"Learning to Wait," Journal of Human Examples, 2020, 55(1): 1-40.

Work in Progress

Rent Control and Pets (with Pat Rivers)
Noise (draft coming soon)
""",
    ),
    "numbered": (
        "Wei Zhang",
        [
            "Slow charging of fast cells",
            "A thermal model of pouches",
            "Dendrites by ear",
            "Battery with a window",
        ],
        """\
Home | Publications | Group | Teaching

Wei Zhang

I am a professor at Example Tech. My group studies batteries.

Journal Articles

[3] W. Zhang, A. Kumar, and J. Li, "Slow charging of fast cells," Example Energy, vol. 8, pp. 1-9, 2023.
[2] A. Kumar, W. Zhang, "A thermal model of pouches," J. Example Power, vol. 3, 2021. (PDF)
[1] W. Zhang, "Dendrites by ear," Example Letters, 2018. (PDF) (Code)

Patents

1. W. Zhang and J. Li. Battery with a window. US Patent 1,234,567, 2022.
""",
    ),
    "by_topic": (
        "Pierre Lang",
        [
            "Evaluation",
            "A Fair Test for Looms",
            "More Than Counting Errors",
            "Robustness",
            "Threads with a Promise",
        ],
        """\
Pierre Lang
Associate Professor of Computer Science, Example University
Senior Fellow at the Institute for Examples
pl@example.org
Hall 350 / 555-0100

My goal is to make machines that say what they know and admit what they do not.

Broadly, I work on language and on machines that use it.

Papers
Students
Teaching

Selected publications by topic:

Evaluation

A Fair Test for Looms. Pierre Lang, Rishi Bose, Tony Lee. Transactions on Example Machines, 2023.
More Than Counting Errors. Rishi Bose, Pierre Lang. ICLR, 2022.

Robustness

Threads with a Promise. Ada Ragan, Jo Stein, Pierre Lang. International Conference on Learning Examples (ICLR), 2018.
""",
    ),
    "french": (
        "Élodie Marchand",
        [
            "Cartes et territoires imaginaires",
            "Le fleuve absent",
        ],
        """\
Élodie Marchand

Je suis maîtresse de conférences à l'Université d'Exemple, où je travaille sur l'histoire des cartes.

Publications

Cartes et territoires imaginaires. Élodie Marchand et Paul Lenoir. Revue d'Exemple, 2021. [pdf]
« Le fleuve absent ». Élodie Marchand. Cahiers d'Exemple, 2019.
""",
    ),
}
