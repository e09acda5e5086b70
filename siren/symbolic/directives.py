"""Rule text as a refusal before anything parses it: clingo opens included files and keeps scripts while it is still reading.

It looks at tokens only; comments and strings may say what they like.
"""

import re

from siren.core.errors import RuleError

MAX_FILE = 100_000  # characters
_WORDS = frozenset({"true", "false", "inf", "sup"})
_HARMLESS = re.compile(r'%\*.*?\*%|"(?:\\.|[^"\\\n])*"|%[^\n]*', re.DOTALL)
# Signs that hide what a text says: controls, signs without width or that turn the direction of writing, and halves of letters.
_DISGUISED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")  # outside of comments and strings: letters that only look like the known ones


def refuse_directives(text: str, source: str, line: int = 1) -> None:
    """Refuse what must not even be parsed: #script, #include and the like, @functions, and text that is far too long."""
    if len(text) > MAX_FILE:
        raise RuleError(f"expected at most {MAX_FILE} characters, got {len(text)}; split the file", source=source, line=line)
    _refuse_signs(text, _DISGUISED, source, line)
    plain = _HARMLESS.sub(lambda match: "\n" * match.group().count("\n") + " ", text)
    _refuse_signs(plain, _FOREIGN, source, line)
    for match in re.finditer(r"[#@&]\s*(\w*)", plain):
        if match.group(0)[0] == "#" and match.group(1) in _WORDS:
            continue
        where = line + plain.count("\n", 0, match.start())
        raise RuleError(f"'{match.group(0)}' is not allowed in rule files; remove it", source=source, line=where)


def _refuse_signs(text: str, signs: re.Pattern[str], source: str, line: int) -> None:
    found = signs.search(text)
    if found is not None:
        where = line + text.count("\n", 0, found.start())
        raise RuleError(f"the sign U+{ord(found.group()):04X} is not allowed there; write it in plain letters", source=source, line=where)
