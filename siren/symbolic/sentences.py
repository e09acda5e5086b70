"""A rule as a sentence for people: in English as it was written down, in Korean from the templates of the vocabulary.

    rule_sentence(rule, "ko")      # "A을(를) 집을 때 A이(가) 미끄럽고 빠르게 움직이면 떨어뜨린다."
    template(rule, "ko")           # the same with {O}, {D}, {Y} for the things

Korean is made from the conditions of plain rules (`reading`), so it says what the rule says; a rule with a condition that has no template
is told in English. Particles that depend on the sound before them are written both ways.
"""

from typing import Literal, NamedTuple

from siren.core.rule import Rule
from siren.symbolic.reading import Comparison, PlainAtom, PlainRule, is_number, is_variable, read_plain

Language = Literal["en", "ko"]
ROLES = {"step": 2, "target": 2}  # the place of the variable that is O, or D


class _Clause(NamedTuple):
    """One condition: as it goes on (-고), as the last one before what follows (-면), and before a negation (-지)."""

    going_on: str
    last: str
    denied: str

    def negated(self) -> "_Clause":
        return _Clause(f"{self.denied} 않고", f"{self.denied} 않으면", f"{self.denied} 않지")


def _regular(stem: str) -> _Clause:
    return _Clause(f"{stem}고", f"{stem}면", f"{stem}지")


_ATTRIBUTES = {
    "fragile": _Clause("깨지기 쉽고", "깨지기 쉬우면", "깨지기 쉽지"),
    "heavy": _Clause("무겁고", "무거우면", "무겁지"),
    "slippery": _Clause("미끄럽고", "미끄러우면", "미끄럽지"),
    "wet": _Clause("젖어 있고", "젖어 있으면", "젖어 있지"),
    "soft": _Clause("부드럽고", "부드러우면", "부드럽지"),
    "round": _regular("둥글"),
    "tall": _regular("키가 크"),
    "long": _regular("길"),
    "flat": _regular("납작하"),
    "container": _regular("그릇이"),
    "lid": _regular("뚜껑이"),
    "mat": _regular("깔개이"),
    "tray": _regular("쟁반이"),
}
_CATEGORIES = {
    "fruit": "과일", "drink": "음료", "breakfast": "아침거리", "snack": "간식", "tool": "도구", "toy": "장난감", "office": "사무용품",
    "cleaning": "청소용품", "dish": "식기", "home": "살림살이", "material": "재료", "container": "그릇", "lid": "뚜껑", "mat": "깔개",
}  # fmt: skip
_MANNER = {
    "slow": _regular("천천히 움직이"),
    "normal": _regular("보통 속도로 움직이"),
    "fast": _regular("빠르게 움직이"),
    "gentle": _regular("살살 쥐"),
    "firm": _regular("세게 쥐"),
}
_BEARING = {"jaw": "옆 손가락 방향에", "diagonal": "옆 비스듬한 방향에", "aside": "옆 손가락과 직각인 방향에", "_": "가까이에"}
_MEASURES = {
    "span": "손가락 사이에 오는 {O}의 폭이", "fit": "펼친 손과 {O} 사이의 틈이", "height": "{O}이(가) 떨어지는 높이가",
    "offset": "가운데에서 벗어난 거리가",
    "depth": "{O}의 꼭대기에서 손끝까지의 깊이가", "tilt": "손이 기울어진 각도가", "edge": "탁자 가장자리까지의 거리가",
    "far": "로봇까지의 거리가", "room": "{O}을(를) 놓을 자리 둘레의 틈이",
    "apart": "{O}을(를) 가까이 놓으려는 것과의 틈이",
}  # fmt: skip
_EXTENT = {"length": "길이가", "width": "너비가", "height": "높이가"}
_BESIDE = {"gap": "{}까지의 틈이", "over": "{}이(가) 손끝보다 솟은 높이가", "hand": "내려오는 손과 {} 사이의 틈이"}
_ORDER = {">=": "이상이", ">": "초과이", "<=": "이하이", "<": "미만이", "=": "이"}
_THAN = {
    ">": _regular("크"),
    "<": _Clause("작고", "작으면", "작지"),
    ">=": _Clause("작지 않고", "작지 않으면", "작지 않지"),
    "<=": _Clause("크지 않고", "크지 않으면", "크지 않지"),
}
_FLUENTS = {"clear": "위가 비어", "covered": "위가 덮여", "lidded": "뚜껑이 덮여", "moved": "자리를 옮겨"}
_THERE = _Clause("있고", "있으면", "있지")
_NONE = _Clause("없고", "없으면", "없지")
_CONSEQUENCE = {
    "no_grip": "손가락이 제대로 쥐지 못한다", "dropped": "떨어뜨린다", "crushed": "찌그러진다", "broken": "깨진다",
    "collision": "손이 무언가에 부딪힌다", "bump": "무언가를 건드린다", "unstable": "놓은 자리에 있지 못한다",
    "missed": "잘못된 것 없이도 목표에 이르지 못한다",
    "carry": "옮기는 도중에 놓친다", "rotated": "손안에서 돌아간다", "spilled": "위에 있던 것이 떨어진다",
}  # fmt: skip


def rule_sentence(rule: Rule, language: Language = "en") -> str:
    """The sentence without bindings: A for the thing, B for another one, C for where it goes."""
    return rule.model_copy(update={"sentence": template(rule, language)}).saying


def template(rule: Rule, language: Language = "en") -> str:
    """The sentence with {O}, {D}, {Y}, {Z} for the things; in English where a rule has no Korean one."""
    read = read_plain(rule.text) if language == "ko" else None
    told = _korean(read, "" if rule.hard else rule.kind) if read is not None else None
    return told or rule.sentence


def _korean(rule: PlainRule, kind: str) -> str | None:
    names = _named(rule)
    opening = _opening(rule, names)
    clauses = [_clause(atom, names) for atom in rule.atoms if atom.name not in ROLES and not _measures(atom)]
    clauses += [_compared(comparison, rule, names) for comparison in rule.comparisons]
    known = [clause for clause in clauses if clause is not None]
    if opening is None or len(known) < len(clauses):
        return None
    told = [clause.going_on for clause in known[:-1]] + [clause.last for clause in known[-1:]]
    then = _CONSEQUENCE.get(kind, f"'{kind}'이(가) 일어난다" if kind else "안 된다")
    return " ".join([opening, *told, f"{then}."])


def _named(rule: PlainRule) -> dict[str, str]:
    """Variables and constants as they are told: {O}, {D}, {Y}, {Z} by the part that they play."""
    names: dict[str, str] = {}
    for atom in rule.atoms:
        if atom.name in ROLES and is_variable(atom.args[2]):
            names.setdefault(atom.args[2], "{O}" if atom.name == "step" else "{D}")
    further = iter(("{Y}", "{Z}"))
    for term in (term for atom in rule.atoms if not _measures(atom) for term in atom.args if is_variable(term) and term != rule.step):
        if term not in names:
            names[term] = next(further, "")
    return names


def _opening(rule: PlainRule, names: dict[str, str]) -> str | None:
    """What is done: taking, opening, putting somewhere. None when the rule does not say."""
    skills = {atom.args[1] for atom in rule.atoms if atom.name == "step" and not atom.negated}
    where = {atom.args[1] for atom in rule.atoms if atom.name == "target" and not atom.negated} - {"_"}
    if "pick" in skills:
        return "{O}을(를) 집을 때"
    if "open" in skills:
        return "{O}의 뚜껑을 열 때"
    if "push" in skills:
        return "{O}을(를) 밀 때"
    if "tip" in skills:
        return "{O}을(를) 넘어뜨릴 때"
    if not skills:
        return None
    if where == {"in"}:
        return "{O}을(를) {D} 안에 넣을 때"
    done = "쌓을" if "stack" in skills else "놓을"
    on = f"{{D}} 위에 {done}" if where == {"on"} and "{D}" in names.values() else "쌓을" if "stack" in skills else "내려놓을"
    return f"{{O}}을(를) {on} 때"


def _clause(atom: PlainAtom, names: dict[str, str]) -> _Clause | None:
    clause = _positive(atom, names)
    if clause is None or not atom.negated:
        return clause
    nobody = atom.name in ("on", "in", "near") and atom.args[1 if atom.name == "near" else 0] == "_"
    return clause if nobody else clause.negated()


def _positive(atom: PlainAtom, names: dict[str, str]) -> _Clause | None:
    args = [names.get(term, term) for term in atom.args]
    if atom.name in ("attribute", "mark"):
        return _with(f"{args[0]}이(가)", _ATTRIBUTES.get(args[1], _regular(f"'{args[1]}'이")))
    if atom.name == "category":
        return _with(f"{args[0]}이(가)", _regular(f"{_CATEGORIES.get(args[1], args[1])}이"))
    if atom.name in ("speed", "force"):
        return _MANNER.get(args[1])
    if atom.name == "near":
        return _placed(args[1], f"{{O}} {_BEARING[args[2]]}") if args[2] in _BEARING else None
    if atom.name in ("on", "in"):
        return _placed(args[0], f"{args[1]} {'위' if atom.name == 'on' else '안'}에")
    if atom.name == "holding":
        return _with(f"손이 {args[0]}을(를) 쥐고", _THERE)
    if atom.name in _FLUENTS:
        return _with(f"{args[0]} {_FLUENTS[atom.name]}", _THERE)
    return _with("말한 것과 다른 것이 거기", _THERE) if atom.name == "mismatch" else None


def _compared(comparison: Comparison, rule: PlainRule, names: dict[str, str]) -> _Clause | None:
    left, right = (_number(term, rule, names) for term in (comparison.left, comparison.right))
    if comparison.centre is not None:
        return None
    if left and is_number(comparison.right) and comparison.order in _ORDER:
        unit = "도" if left == _MEASURES["tilt"] else "mm"
        return _regular(
            f"{left} {comparison.right} {unit} {_ORDER[comparison.order]}".replace(f"{unit} 이", f"{unit}이", comparison.order == "=")
        )
    if left and right:
        return _with(f"{left} {right[:-1]}보다", _THAN[comparison.order]) if comparison.order in _THAN else None
    things = [names.get(term, term) for term in (comparison.left, comparison.right)]
    return _with(f"{things[0]}이(가)", _is(things[1], comparison.order)) if comparison.order in ("=", "!=") else None


def _is(what: str, order: str) -> _Clause:
    named = "탁자" if what == "table" else what
    return _regular(f"{named}이" if order == "=" else f"{'탁자가' if what == 'table' else f'{named}이(가)'} 아니")


def _number(term: str, rule: PlainRule, names: dict[str, str]) -> str:
    """What a variable measures, in words; empty when it measures nothing."""
    for atom in rule.atoms:
        if not _measures(atom) or atom.args[-1] != term:
            continue
        if atom.name == "extent":
            return f"{names.get(atom.args[0], atom.args[0])}의 {_EXTENT.get(atom.args[1], atom.args[1])}"
        return _MEASURES[atom.name] if atom.name in _MEASURES else _BESIDE[atom.name].format(names.get(atom.args[1], atom.args[1]))
    return ""


def _measures(atom: PlainAtom) -> bool:
    return atom.name in (*_MEASURES, *_BESIDE, "extent") and not atom.negated


def _placed(what: str, where: str) -> _Clause:
    return _with(f"{where} 아무것도", _NONE) if what == "_" else _with(f"{what}이(가) {where}", _THERE)


def _with(start: str, clause: _Clause) -> _Clause:
    return _Clause(*(f"{start} {form}" for form in clause))
