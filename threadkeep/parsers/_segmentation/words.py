"""The few words that say something of a line: those it opens with, and those too common to make two lines alike.

They carry little, and only in the languages they are of; structure and length do the work.
"""

import re


def _opening(*words: str) -> re.Pattern[str]:
    return re.compile(rf"[\W_]{{0,3}}(?:{'|'.join(words)})(?![\w'’])", re.I)


OPENERS = {
    "news": _opening(
        r"new (?:paper|work|preprint|blog|post|results?|video|episode|model|dataset|benchmark)|announcing|excited",
        r"our (?:new|latest|recent)|thrilled|(?:so|very|super|really) (?:excited|happy|proud|thrilled|honou?red)",
        r"(?:happy|glad|proud|delighted|pleased) to|breaking|update|psa|reminder|hot take|fun fact",
        r"i(?:['’]m| am) (?:so |very |super )?(?:excited|thrilled|happy|proud|delighted|hiring|recruiting)",
        r"just (?:released|published|finished|got|posted|launched)|today|yesterday|wrapped up|looking forward",
        r"congrat\w*|check out (?:our|my|the) new|nuev[oa]s?|hoy|heute|ayer",
    ),
    "introducing": _opening(
        r"introducing|enter|meet|presenting|to (?:this end|address|tackle|solve|do this)",
        r"we (?:introduce|present|propose|show|find|found|develop|built?|train|study|release)",
        r"in (?:our|this|a) (?:new )?(?:paper|work|post|preprint|study)",
    ),
    "connective": _opening(
        r"and|but|so|or|because|also|plus|then|however|therefore|thus|hence|instead|moreover|furthermore|btw|e\.?g|i\.?e",
        r"p\.?s|tl;?dr|results?|finally|second|third|next|for (?:example|instance)|specifically|importantly",
        r"in (?:short|addition|particular|fact)|interestingly|surprisingly|notably|overall|otherwise|even|still|yet",
        r"though|although|while|until|unless|main|key|bottom ?line|y|pero",
        r"porque|adem[aá]s|tambi[eé]n|und|aber|denn|weil",
    ),
    "pointer": _opening(
        r"read|links?|details|more|full|see|check (?:it|them|this) out|watch|listen|learn more|h/t|via|cc|source|image",
        r"photo|video|paper|code|blog|website|project|demo|data|dataset|preprint|arxiv|github|pdf|slides|joint work",
        r"work with|with @|w/|led by|thanks to|thank you|huge thanks|kudos|shout ?out|big shout|follow|join|register",
        r"sign up|apply|please|credits?|aqu[ií]|enlace|gracias|danke",
    ),
}
"""What a line announces, introduces, goes on with or points at by its first words."""

COMMON = frozenset(
    "the and but for with from are was were been its this that these those our you your they their she his her him not "
    "then than there here what which who how when where why can could will would should does did has have had just "
    "about into over more most some any all one two out also very much many get got new now see use used using make "
    "makes made it's i'm we're don't can't that's i've it’s i’m we’re don’t can’t that’s i’ve like even only own other "
    "such each both still well way ways really first last good great lot lots thing things work works working day days "
    "today time want need know think find show shows let take while after before because between through during "
    "without within que los las una uno por para con del como más pero und der die das ist nicht ein eine mit auf den "
    "dem von für".split()
)
"""Words that two lines may share without being of one post."""
