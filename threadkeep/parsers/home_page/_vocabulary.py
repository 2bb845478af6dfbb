"""The words that home pages are built of: what sections, links and ways to reach a person are called."""

_SECTIONS = (
    "research publications publication papers paper preprints preprint micropapers manuscripts articles article "
    "writing writings blog posts post essays notes books book chapters patents theses thesis dissertation projects "
    "project software code portfolio works work talks talk presentations lectures tutorials workshops conferences "
    "podcasts videos demos datasets data art music photography games apps tools packages libraries implementations "
    "contributions exhibitions films poems poetry fiction stories journalism columns translations compositions "
    "releases discography performances experiments reports journals proceedings abstracts posters interviews"
)
_NEWS = "news updates announcements happenings highlights"
_RECORDS = (
    "teaching courses course service reviewing experience employment positions appointments career education awards "
    "award honors honours honor fellowships fellowship grants funding scholarships achievements press coverage media "
    "mentions students mentoring mentees advising advisees alumni group people team memberships certifications "
    "volunteering internships activities leadership skills languages committees organization outreach recognition "
    "training resume cv"
)
_PROSE = (
    "miscellanea about bio biography introduction contact interests hobbies personal misc miscellaneous me now "
    "colophon acknowledgements acknowledgments links elsewhere background overview welcome home fun statement "
    "press-kit faq"
)
_FILLERS = (
    "selected recent featured other past current previous ongoing upcoming latest all some more invited academic "
    "industry professional working peer-reviewed refereed technical assorted side open source open-source personal my "
    "and or in of the for a an to & + / short long full list interests experience conference journal workshop under "
    "review in-progress progress press popular public scientific research teaching graduate undergraduate phd "
    "master's doctoral thesis blog guest external scholarly creative notable key main top early older published "
    "unpublished forthcoming accepted by topic topics year area type date order theme submitted tech community "
    "student visiting with from on at i've wrote built made things stuff new old favorite favourite best online web "
    "digital hackathon class school college university graduated"
)
_LABELS = (
    "paper papers pdf arxiv preprint code codes github project page pages website webpage homepage site web demo "
    "demos video videos talk talks slides poster blog blogpost post bibtex bib cite citation data dataset datasets "
    "tweet tweets twitter thread x press coverage media news discussion hn hacker reddit app store play google "
    "download downloads doi acm ieee springer openreview html abs abstract supplement supplementary supp supplemental "
    "material materials appendix errata erratum colab notebook huggingface hugging face hf model models weights "
    "checkpoints checkpoint docs documentation readme package pypi cran npm book chapter review reviews interview "
    "podcast article link links source sources repo repository software teaser trailer recording youtube vimeo "
    "spotify soundcloud bandcamp medium substack amazon publisher journal proceedings full text long short extended "
    "version conference summary tldr presentation lecture notes tutorial gallery photos images results benchmark "
    "leaderboard proof proofs artifact artifacts replication files online official print epub mp3 mp4 zip ps tex try "
    "live it read watch listen visit view more draft ssrn nber pubmed pmc biorxiv medrxiv osf zenodo kaggle gitlab "
    "bitbucket itch.io steam ios android chrome firefox extension plugin manual guide report tech thesis dissertation "
    "ppt pptx award acl anthology dblp scholar wiki explainer animation bilibili linkedin bluesky workshop "
    "camera-ready camera ready technical the here"
)
_STRONG_LABELS = (
    "pdf arxiv code github project website webpage demo slides bibtex bib doi preprint paper openreview video "
    "poster dataset abs html supplement"
)
_CONTACTS = (
    "email e-mail mail cv resume résumé vitae curriculum bio scholar google github twitter x linkedin orcid bluesky "
    "mastodon dblp semantic instagram facebook youtube blog medium substack contact researchgate gitlab stackoverflow "
    "threads goodreads letterboxd spotify soundcloud strava rss feed pgp keybase telegram signal discord wechat weibo "
    "zhihu calendar calendly flickr unsplash dribbble behance kaggle huggingface photos arxiv academia ssrn publons "
    "publications scopus researcher openreview hugging face stack overflow book meeting newsletter kofi patreon"
)
_STRONG_CONTACTS = "email e-mail mail scholar github twitter linkedin orcid bluesky mastodon cv resume instagram vitae"
_FIELDS = (
    "email e-mail mail office address phone tel telephone fax contact note notes update updates updated edit edited "
    "correction interests keywords advisor advisors adviser supervisor supervisors committee collaborators coauthors "
    "co-authors languages skills pronouns name location affiliation affiliations position more see also visit click "
    "check find follow read download link links disclaimer warning tldr abstract author authors date publisher "
    "publication tags category hobbies favorite favourite example examples hint reminder announcement important "
    "copyright powered last hours website webpage homepage url web github twitter linkedin scholar instagram blog "
    "paper code slides video pdf arxiv demo project doi bibtex venue status role roles advised mentored mentor "
    "mentors instructor instructors prerequisites time when where who what why how ps p.s. p.s fyi btw aside caveat "
    "result results conclusion summary awards award presented talk press media coverage featured currently previously "
    "formerly now future past today and or but so if because while since then i i'm i've my we our you your he she "
    "they it its this that these those here there for others other etc technologies tech stack built with tools"
)
_ROLES = (
    "student candidate professor engineer researcher scientist writer author designer postdoc postdoctoral lecturer "
    "fellow founder co-founder cofounder developer programmer journalist artist reporter editor novelist poet "
    "musician composer photographer consultant manager director member technical staff intern undergraduate graduate "
    "senior phd ph.d. ph.d historian economist physicist mathematician philosopher linguist biologist chemist "
    "statistician architect teacher educator instructor translator illustrator filmmaker librarian curator analyst "
    "attorney lawyer physician faculty chair head lead partner entrepreneur investor critic essayist columnist hacker "
    "maker resident associate assistant adjunct principal freelance freelancer freshman sophomore junior scholar "
    "academic neuroscientist psychologist sociologist anthropologist roboticist technologist"
)
_INSTITUTIONS = (
    "university institute department school college lab laboratory center centre learning networks systems models "
    "language research science engineering computer vision inc llc data analysis google microsoft"
)
_NO_NAMES = (
    "publications projects teaching blog photo profile picture image skip content menu welcome website site page "
    "papers hello hi hey i i'm i’m navigation toggle dark mode light portfolio home resume selected recent"
)

SECTION_WORDS = frozenset(_SECTIONS.split())
NEWS_WORDS = frozenset(_NEWS.split())
RECORD_WORDS = frozenset(_RECORDS.split())
PROSE_WORDS = frozenset(_PROSE.split())
HEADING_FILLERS = frozenset(_FILLERS.split())
LABEL_WORDS = frozenset(_LABELS.split())
STRONG_LABELS = frozenset(_STRONG_LABELS.split())
CONTACT_WORDS = frozenset(_CONTACTS.split())
STRONG_CONTACTS = frozenset(_STRONG_CONTACTS.split())
FIELD_WORDS = frozenset(_FIELDS.split())
ROLE_WORDS = frozenset(_ROLES.split())

_SMALL = (
    "a an and as at but by de der des di do du el et for from in into is it its la le of off on or over per so than "
    "that the then to und up via vs vs. with without y your are can not through under using"
)
_PARTICLES = "van von de der den di da dos das del della la le bin ibn al el ter ten zu zur y e ben af"

SMALL_WORDS = frozenset(_SMALL.split())
"""Words that titles leave in lower case."""
PARTICLES = frozenset(_PARTICLES.split())
"""Parts of names that stand in lower case."""
NO_AUTHOR_WORDS = (SMALL_WORDS - PARTICLES) | frozenset(_INSTITUTIONS.split())
NO_NAME_WORDS = NO_AUTHOR_WORDS | ROLE_WORDS | NEWS_WORDS | PROSE_WORDS | frozenset(_NO_NAMES.split())
