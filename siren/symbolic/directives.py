"""Rule text as a refusal before anything parses it: clingo opens included files and keeps scripts while it is still reading.

It looks at tokens only; comments and strings may say what they like.
"""

import re

from siren.core.errors import RuleError

MAX_FILE = 100_000  # characters
_WORDS = frozenset({"true", "false", "inf", "sup"})
_HARMLESS = re.compile(r'%\*.*?\*%|"(?:\\.|[^"\\\n])*"|%[^\n]*', re.DOTALL)


def refuse_directives(text: str, source: str, line: int = 1) -> None:
    """Refuse what must not even be parsed: #script, #include and the like, @functions, and text that is far too long."""
    if len(text) > MAX_FILE:
        raise RuleError(f"expected at most {MAX_FILE} characters, got {len(text)}; split the file", source=source, line=line)
    plain = _HARMLESS.sub(lambda match: "\n" * match.group().count("\n") + " ", text)
    for match in re.finditer(r"[#@&]\s*(\w*)", plain):
        if match.group(0)[0] == "#" and match.group(1) in _WORDS:
            continue
        where = line + plain.count("\n", 0, match.start())
        raise RuleError(f"'{match.group(0)}' is not allowed in rule files; remove it", source=source, line=where)
