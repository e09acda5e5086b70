"""Rule text that means harm, in more than forty kinds: refused, or tried out within bounds, and nothing is opened on the way.

Text that passes as a rule is ground with a full table in the limited child, as `siren rules check` does; what is harmless may pass.
"""

import os
import resource
import time
from pathlib import Path

import pytest
from learned_rules import RULES

from siren.core.errors import RuleError
from siren.core.geometry import pick_step
from siren.core.plan import MAX_STEPS, Plan
from siren.core.rule import Rule
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic import asp
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook, read_rules
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary

SECONDS = 4.0  # of processor time, parent and child together
HEAD = "violated(r1,(O,),T) :- "
PICK = f"{HEAD}step(T,pick,O)"

REFUSED = {
    "include": '#include "PIPE".',
    "include in angle brackets": "#include <incmode>.",
    "include with spaces and lines": '#\n include\n "PIPE".',
    "include after a rule": f'{PICK}. #include "PIPE".',
    "include after a block comment": '%* harmless *% #include "PIPE".',
    "include after a string that looks like a comment": f'{HEAD}colour(O,"%"), step(T,pick,O). #include "PIPE".',
    "include after an escaped quote": f'{HEAD}colour(O,"\\""), step(T,pick,O). #include "PIPE".',
    "include in a block comment left open": f'%* {PICK}. #include "PIPE".',
    "script python": "#script(python)\nimport os\nos.remove('PIPE')\n#end.",
    "script lua": '#script(lua)\nio.open("PIPE")\n#end.',
    "call of python": f"{HEAD}step(T,pick,O), O = @open(1).",
    "call in the head": "violated(r1,(@f(1),),T) :- step(T,pick,O).",
    "external": "#external step(1,pick,egg).",
    "const": "#const n = 1000000000.",
    "show": "#show violated/3.",
    "theory": "#theory t { x { } ; &a/0 : x, any }.",
    "theory atom": f"{PICK}, &diff{{T}} <= 3.",
    "program part": "#program step(t).",
    "minimise": f"{PICK}. #minimize {{ 1,O : step(T,pick,O) }}.",
    "weak constraint": f"{PICK}. :~ step(T,pick,O). [1@9,O]",
    "edge": "#edge (1,2).",
    "heuristic": "#heuristic step(T,pick,O) : time(T). [1,true]",
    "project": "#project step/3.",
    "defined": "#defined step/3.",
    "aggregate": f"{PICK}, 3 < #sum{{ X : reach(T,X,_,_) }}.",
    "constraint that empties every model": ":- time(T).",
    "choice": "{ violated(r1,(O,),T) } :- step(T,pick,O).",
    "disjunction": "violated(r1,(O,),T) ; violated(r2,(O,),T) :- step(T,pick,O).",
    "fact about the world": "attribute(egg,heavy).",
    "rule about the world": "holding(O,T) :- step(T,pick,O).",
    "negated head": "not violated(r1,(O,),T) :- step(T,pick,O).",
    "classical negation": "-violated(r1,(O,),T) :- step(T,pick,O).",
    "interval of a thousand million": f"{PICK}, X = 1..1000000000, X > 5.",
    "pool": f"{HEAD}step(T,(pick;place;stack;open),O).",
    "endless terms": "violated(r1,(f(O),),T) :- violated(r1,(O,),T), time(T).",
    "counting without end": "violated(r1,(O,),T+1) :- violated(r1,(O,),T).",
    "unsafe variable": f"{PICK}, O != Y.",
    "unsafe in a negation": f"{PICK}, not near(T,Y,_), not on(Z,Y,T).",
    "nine variables": f"{HEAD}step(T,A,O), near(T,B,C), near(T,D,E), near(T,F,G), near(T,H,I).",
    "forty conditions": PICK + ", time(T)" * 40 + ".",
    "nested 3,000 deep": f"{PICK}, T > " + "(" * 3000 + "1" + ")" * 3000 + ".",
    "5,000 minus signs": f"{PICK}, T > " + "-" * 5000 + "1.",
    "ten megabytes of conditions": PICK + ", time(T)" * 1_200_000 + ".",
    "ten megabytes of one name": f"{HEAD}step(T,pick,{'a' * 10_000_000}).",
    "ten megabytes of comment": "%" + "x" * 10_000_000 + f"\n{PICK}.",
    "a thousand rules": f"{PICK}.\n" * 100,
    "cyrillic letters in a name": f"{HEAD}stеp(T,pick,O).",
    "letters from the right": f"{PICK}\u202e, force(T,firm).",
    "a space of no width": f"{PICK},\u200b force(T,firm).",
    "full width digits": f"{PICK}, span(T,N), N > ８０.",
    "a null byte": f"{PICK}, force(T,\0firm).",
    "a lone surrogate": f"{PICK}, force(T,\ud800firm).",
    "a number beyond 32 bits": f"{PICK}, span(T,N), N > 99999999999999999999.0.",
    "unclosed string": f'{PICK}, colour(O,"red).',
    "another rule's id": "violated(r2,(O,),T) :- step(T,pick,O).",
    "an id that is a term": "violated(f(r1),(O,),T) :- step(T,pick,O).",
    "unknown predicate": f"{PICK}, system(O).",
    "nothing": "",
    "no rule": "% just words",
}

# Well formed, and huge when ground: the child's limits decide. Either answer will do, in time.
TRIED = {
    "eight free steps": f"{HEAD}step(T,pick,O), time(A), time(B), time(C), time(D), time(E), time(F), A+B+C+D+E+F > 1.",
    "six free things": f"{HEAD}step(T,pick,O), object(A), object(B), object(C), object(D), object(E), object(F).",
    "a comparison of everything": f"{HEAD}step(T,pick,O), object(A), object(B), object(C), object(D), A < B, B < C, C < D, D != O.",
    "a power of a power": f"{PICK}, span(T,N), N < 9**9**9.",
    "a division by nothing": f"{PICK}, span(T,N), N / 0 > 1.",
    "arithmetic that overflows": f"{PICK}, span(T,N), N * 2147483647 * 2147483647 > 1.",
}


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(Vocabulary.load(RULES))


@pytest.fixture(scope="module")
def full_table() -> str:
    """Thirty things and a plan of twelve steps."""
    knowledge = Knowledge.load(RULES)
    objects = tuple(
        SceneObject(name=name, kind=name, position=(0.3 + n % 6 * 0.06, n // 6 * 0.06 - 0.2, 0.02), yaw=0, size=(0.04,) * 3, colour="red")
        for n, name in enumerate(sorted(knowledge.kinds)[:30])
    )
    scene = Scene(objects=objects)
    plan = Plan(steps=tuple(pick_step(thing, 0, "normal", "firm") for thing in objects)[:MAX_STEPS])
    facts = ClingoChecker(Rulebook(()), knowledge).facts(scene, [plan], Goal(relation="held", object=objects[0].name))
    return f"{knowledge.program}\n{asp.fact_text(facts)}"


def _spent() -> float:
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def test_there_are_more_than_forty_kinds() -> None:
    assert len(REFUSED) + len(TRIED) >= 60


@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_text_is_refused(kind: str, validator: Validator, tmp_path: Path) -> None:
    """PIPE is a pipe that nobody writes to: whoever opened it would wait for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    rule = Rule(id="r1", text=REFUSED[kind].replace("PIPE", str(pipe)), sentence="harmless")
    begun = _spent()
    with pytest.raises(RuleError, match=r"^f\.lp") as refused:
        validator(rule, "f.lp", 3)
    assert _spent() - begun < SECONDS
    assert len(str(refused.value)) < 600
    assert pipe.exists()


@pytest.mark.slow
@pytest.mark.parametrize("kind", TRIED)
def test_what_explodes_is_bounded(kind: str, validator: Validator, full_table: str) -> None:
    rule = Rule(id="r1", text=TRIED[kind], sentence="harmless")
    begun, said = _spent(), "f.lp: it may be loaded"
    try:
        validator(rule, "f.lp", 3)
        validator.trial([rule], full_table, "f.lp")
    except RuleError as refused:
        said = str(refused)
    assert said.startswith("f.lp")
    assert _spent() - begun < SECONDS


def test_a_hostile_file_is_refused_whole(tmp_path: Path, validator: Validator) -> None:
    """Ten megabytes that are not even text, and a file whose header promises what its rule does not keep."""
    path = tmp_path / "r1.lp"
    path.write_bytes(os.urandom(10_000_000))
    with pytest.raises(RuleError, match="expected a readable text file"):
        read_rules(path, accept=validator)
    path.write_text('%! id=r1 status=active\n%! "no"\nviolated(r7,(O,),T) :- step(T,pick,O).\n')
    with pytest.raises(RuleError, match=r"violated\(r1, ...\) as its header says, got 'r7'"):
        read_rules(path, accept=validator)
