"""The words of questions as patterns: what begins one, what denies, and the kinds that need nothing but their words.

Patterns are for text in lower case without marks. This file knows no scene; `questions` puts the names in.
"""

import re

MANNERS = {
    "gentle": r"gent\w*|soft\w*|careful\w*|light(?:er|ly)|less force",
    "firm": r"firm\w*|hard(?:er)?|tight\w*|strong\w*|more force",
    "slow": r"slow\w*",
    "normal": r"normal\w*|medium|moderate\w*",
    "fast": r"fast\w*|quick\w*|swift\w*|hurr\w*|speed up",
}
NUMBERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "one": 1, "two": 2, "three": 3, "four": 4}
TAKE = (
    r"tak\w*|took|pick\w*|grab\w*|grasp\w*|grip\w*|lift\w*|get|got|fetch\w*|choos\w*|chose\w*|go for|went for|going for|us(?:e|ed|ing)|"
    r"bring\w*|brought|hold\w*|held|reach\w* for|seiz\w*|touch\w*|select\w*"
)
SHOVE = r"push\w*|slid\w*|shov\w*|tip(?:ped|ping)?|knock\w*|toppl\w*"
DRIVE = r"driv\w*|drove|roll over"
PUT = r"put\w*|plac\w*|stack\w*|pack\w*|set|drop|lay|laid|releas\w*|let (?:it )?go|lower\w*"

BEGIN = r"(?:why|how come)"
# What means `why`, and what people say before they ask; the first becomes `why`, the second is left out.
REASON = re.compile(
    r"^(?:(?:for )?what(?: is| was|'s)?(?: the| your)? reasons?(?: for| why| that)?|"
    r"what (?:made|led|brought|caused) (?:you|it|the robot)(?: to)?|"
    r"on what grounds|justify|defend)\b"
)
POLITE = re.compile(
    r"^(?:(?:and|but|so|ok|okay|well|hey|please|now|then)\b,? *|robot,? |"
    r"(?:can|could|would|will) you (?:please )?(?=tell|explain|show|say|describe|list)|"
    r"(?:tell|show) (?:me|us) (?:again )?(?=why|how|what|which|where|who|when|if)|"
    r"i (?:would|want|wonder|need|d)\b(?: like)?(?: to)?(?: know)? |"
    r"explain (?:to me )?(?=why|how|what|which)|do you (?:know|remember) (?=why|how|what|which|where|who|when))+"
)
_AGAINST = r"reject\w*|refus\w*|skip\w*|ignor\w*|leave|left|avoid\w*|discard\w*|dismiss\w*|forbid\w*|rul\w* out"
_MAY = r"(?:could|would|can|may|might|should|shouldn't|couldn't|wouldn't|is it|was it|would it be|is|was)"
_FINE = (
    r"(?:allowed|ok|okay|fine|safe|possible|acceptable|permitted|an option|a problem|an issue|"
    r"wrong|bad|better|dangerous|forbidden|work)"
)
NEGATED = re.compile(
    rf"{BEGIN}\b.*?(?:\bnot\b|n't\b|\b(?:never|rather than|instead of|{_AGAINST})\b)|"
    r"(?:what|(?:is there |was there )?anything)(?:'s| speaks| is| was| would be| could be)? (?:against|wrong with|bad about)\b|"
    rf"{_MAY} .*\b{_FINE}\b|{_MAY} (?:you|it|the robot|one|i|we)\b.*"
)
AFTERWARDS = re.compile(r"^(?P<said>.*\S)\W+why (?:not|did ?n't you|have ?n't you)$")  # you could have taken the soap, why didn't you
WORKED = re.compile(r"\b(succeed|success\w*|worked|have helped)\b")
CONDITION = re.compile(
    r"\b(?:what if|what happens when|let's say|say that|suppos\w*|imagin\w*|assum\w*|happens if|provided|had|pretend\w*)\b|^if\b|"
    r"\b(?:would|will|happens|change\w*|matter|refused|differ\w*) .*\bif\b|"
    r"\bwhat would (?:the rules|they) (?:say|have said)\b"
)
NO_CONDITION = re.compile(r"what went|what has gone")

STEP = re.compile(r"\bstep (?:number )?(\d+)\b|\b(first|second|third|fourth|fifth|sixth) step\b|\bstep (one|two|three|four)\b")
_PROPOSALS = "proposal|candidate|plan|option"
PROPOSAL = re.compile(rf"\b(?:{_PROPOSALS})s? (?:number )?(\d+|one|two|three|four)\b|\b(first|second|third|fourth) (?:{_PROPOSALS})\b")
RULE = re.compile(r"\b(r\d{4,}|c_[a-z_]+)\b")
EPISODE = re.compile(r"\b(?:episode|run|number|no|#) ?(?:number )?(\d+)\b")
FACT = re.compile(r"(?:\bnot\s+)?\b[a-z_]+\([^()]*\)")

_CHANGE = "chang|repair|mend|alter|correct|modif|adapt|adjust|amend|fix|edit|revis"
_WRONG = r"happen\w*|mistakes?|errors?|fail\w*|wrong|made|make|mak\w*|go|drop\w*|crush\w*|broke\w*|break\w*|occur\w*|problems?|trouble"
_EARLIER = (
    r"before|earlier|ever|again and again|last time|previously|first time|last|how often|how many times|in the past|already|repeat\w*|again"
)

# Asked before conditions, because they have words of conditions in them.
FIRST: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("versus", (r"\b(differ\w*|chang\w*|compare\w*|versus|vs|other than|unlike|contrast\w*)\b.*\b(episode|run|number|no|#) ?\d+",)),
    (
        "without_rule",
        (r"\b(without|had not|if not for|did not have|were no|absence of|missing)\b.*\b(rules?|r\d{4,}|c_[a-z_]+)\b",),
    ),
)

# Kinds that need nothing but their words, asked in this order after `what if` and `why not`.
PLAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "least_change",
        (
            r"\b(least|smallest|little change|small change|slightest|minimal|minimum|fewest|tiniest|simplest)\b",
            r"would (have )?(satisf|been enough|suffice)|enough to (satisf|please|pass)",
            r"how could .* (satisfy|allow)|what (would|must|should|needs to|has to) .*\b(change|be different)\b",
        ),
    ),
    (
        "repair",
        (
            rf"{BEGIN}.*\b({_CHANGE})",
            rf"(what|how|which|where)( did you| was| were| has been| have been| did the rules| did they|'s)?\b.*\b({_CHANGE})",
            r"\brepairs?\b|do(ne)? (differently|instead)|differ\w* from (the|what|your) (propos|plan)",
            r"(was|were) (anything|something) \w*(ed|changed)\b",
        ),
    ),
    (
        "before",
        (
            rf"\b({_EARLIER})\b.*\b({_WRONG})\b",
            rf"\b({_WRONG})\b.*\b({_EARLIER})\b",
            "(similar|same|such|like) (failures|mistakes|errors)",
        ),
    ),
    (
        "trials",
        (
            "would (it |anything |something |the plan )?have (worked|succeeded|helped)|what would work",
            "(way|plan|anything|something|one) that works",
            r"(was|were|been) (it |anything |something )?tried|(try|tried|attempt\w*) (it |this |that )?again|retr(y|ied)",
            r"did you try|probes?\b|what worked|\b(other|further|more|another) (attempts?|tries|runs?|trials?)\b",
            r"\bhow (could|can|should) it (have )?work|(gone|done|been|go) (better|well)",
        ),
    ),
    ("trained", (r"\b(weights|checkpoints?|batch\w*|fine-?tun\w*|trained|training|model|network|policy)\b",)),
    (
        "taught",
        (
            r"\b(taught|teach\w*|comes? from|came from|origin\w*|evidence|proof|sources?)\b",
            r"\b(based on|rests? on|backs?|support\w*|justif\w*)\b",
            "which (failures|episodes|experiences)|(led|leads) to .*rule|how do you know|who (told|says|said)|where did you (get|learn)",
            "why (should|do) (i|you|we) believe|are you sure",
        ),
    ),
    ("learned", (r"\b(learn\w*|lessons?|takeaways?|conclusions?|conclude\w*)\b",)),
    ("refusals", (r"(which|what|any|list the|show the)( do| did)?( the)? rules?\b",)),
    ("candidates", (r"how (sure|certain|confident)",)),
    (
        "outcome",
        (
            r"\b(problem|fail\w*|go wrong|went wrong|gone wrong|succeed\w*|success\w*|outcome|results?)\b",
            r"\b(drop it|dropped|broke\w*|break|crush\w*|fell|fall|mistakes?|errors?|accidents?|trouble)\b",
            "how did (it|that|this|things|everything) (end|go|turn|finish)|turn(ed)? out|ended? up",
            "how did .* (end|finish)|did (it|that|this) work",
            "not work|what happened|(was|is) (it|the goal|the task) (reached|done|achieved|completed|finished|ok)",
            r"^did you (do|make|manage|reach|finish) (it|that|the|to)",
        ),
    ),
    (
        "refusals",
        (
            "rules? (said|say|refus|against|broken|appl|fire|trigger)",
            "refus|reject|forb[ia]d|block|violat|against|prohibit|object(ed|ion)|veto|prevent",
        ),
    ),
    (
        "candidates",
        (
            r"\b(consider\w*|candidates?|proposals?|propos\w*|alternatives?|options?|choices?|other plans?|else)\b",
            r"\b(ideas?|suggest\w*|on offer)\b|first (plan|thought|idea)|have in mind",
            r"what did you (want|plan|intend|propose)|which plans?\b|what plans\b",
        ),
    ),
    (
        "seen",
        (
            r"(what|which things|which objects|where|how many)\b.*\b(see|seen|saw|table|there|is|are|was|were|know)\b",
            r"(what|which things|which objects|where|how many)\b.*\b(believe\w*|think|thought|look\w*)\b",
            r"(what|which things|which objects|where|how many)\b.*\b(things?|scene|notice\w*|perceive\w*)\b",
            r"how (big|large|wide|tall|high|heavy|long|far)|\bdescribe\b|tell me about",
            r"\b(list|name|show|enumerate)\b.*\b(objects?|things?|items?|table|scene)\b",
            r"\b(believe|think|see|perceive|notice|recogni[sz]e)\b",
        ),
    ),
)
