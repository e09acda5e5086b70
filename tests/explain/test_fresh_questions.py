"""Seventy phrasings that were written after the grammar was: forty before it was widened for them, thirty more afterwards.

At first sight 18 of the forty and 20 of the thirty were mapped right (2026-11-25); the grammar was then widened for the others, so none
of these is untouched any more. They hold what has been reached.
"""

from test_ask import mapped

from siren.explain.questions import Question

FORTY: list[tuple[str, Question]] = [
    ("What was the reason for picking up the die?", Question(kind="why_step", step=1)),
    ("For what reason did you do it like this?", Question(kind="explain")),
    ("Can you explain why you lifted the egg slowly?", Question(kind="why_step", step=3)),
    ("could you have used the soap?", Question(kind="why_not_take", thing="soap")),
    ("Why wasn't the cola can chosen?", Question(kind="why_not_take", thing="cola_can")),
    ("was there anything wrong with taking the egg fast?", Question(kind="why_not_manner", manner="fast", step=3)),
    ("would a firm grip on the egg be allowed?", Question(kind="why_not_manner", manner="firm", step=3)),
    ("why not do step 4 quickly", Question(kind="why_not_manner", manner="fast", step=4)),
    ("why did you ignore proposal 2", Question(kind="why_not_proposal", proposal=2)),
    ("what's wrong with the third candidate?", Question(kind="why_not_proposal", proposal=3)),
    ("would it still be refused if the egg was not fragile?", Question(kind="what_if", facts=("not attribute(egg,fragile)",))),
    ("Assume the soap is wet", Question(kind="what_if", facts=("attribute(soap,wet)",))),
    ("what would the rules say if you gripped the egg firmly", Question(kind="what_if", facts=("force(3,firm)",))),
    ("and if the die had not been on the can?", Question(kind="what_if", facts=("not on(die,cola_can)",))),
    ("how did things turn out?", Question(kind="outcome")),
    ("tell me the result", Question(kind="outcome")),
    ("what was the mistake?", Question(kind="outcome")),
    ("is there a way that works?", Question(kind="trials")),
    ("which other attempts were made on this table?", Question(kind="trials")),
    ("list the objects", Question(kind="seen")),
    ("what do you know about the egg?", Question(kind="seen", thing="egg")),
    ("which episodes is this rule based on?", Question(kind="taught")),
    ("show me the evidence for r0007", Question(kind="taught", rule="r0007")),
    ("what forbids this?", Question(kind="refusals")),
    ("how was the plan modified?", Question(kind="repair")),
    ("what is the minimal fix?", Question(kind="least_change")),
    ("which plans were on offer?", Question(kind="candidates")),
    ("is this the first time you made this error?", Question(kind="before")),
    ("which model was trained with this example?", Question(kind="trained")),
    ("did you learn anything here?", Question(kind="learned")),
    ("why didn't you put the soap on the blue mat?", Question(kind="why_not_put", thing="soap", target="blue_mat")),
    ("what made you go for the die?", Question(kind="why_step", step=1)),
    ("what if the egg had been in the cola can?", Question(kind="what_if", facts=("in(egg,cola_can)",))),
    ("how would it have gone without rule r0002?", Question(kind="without_rule", rule="r0002")),
    ("what is different from episode 3?", Question(kind="versus", episode=3)),
    ("where did you think the egg was?", Question(kind="seen", thing="egg")),
    ("when did you last drop something like this?", Question(kind="before")),
    ("who says so?", Question(kind="taught")),
    ("how confident were you?", Question(kind="candidates")),
    ("why gently?", Question(kind="why_step", step=1)),
]
THIRTY: list[tuple[str, Question]] = [
    ("Why pick the die before the egg?", Question(kind="why_step", step=1)),
    ("Why is the gripper closing gently on the egg?", Question(kind="why_step", step=3)),
    ("justify step 2", Question(kind="why_step", step=2)),
    ("Why was the soap left alone?", Question(kind="why_not_take", thing="soap")),
    ("You could have grabbed the soap, why didn't you?", Question(kind="why_not_take", thing="soap")),
    ("why not just put the egg on the can?", Question(kind="why_not_put", thing="egg", target="cola_can")),
    ("Would it have been a bad idea to grip the egg hard?", Question(kind="why_not_manner", manner="firm", step=3)),
    ("why was the fourth step not done fast?", Question(kind="why_not_manner", manner="fast", step=4)),
    ("Why was your second option dropped?", Question(kind="why_not_proposal", proposal=2)),
    ("If the egg had been wet, what then?", Question(kind="what_if", facts=("attribute(egg,wet)",))),
    ("Would anything change if you lifted the die fast?", Question(kind="what_if", facts=("speed(1,fast)",))),
    ("what happens when the egg is not fragile", Question(kind="what_if", facts=("not attribute(egg,fragile)",))),
    ("let's say the soap is heavy", Question(kind="what_if", facts=("attribute(soap,heavy)",))),
    ("Was the task completed?", Question(kind="outcome")),
    ("Did anything break?", Question(kind="outcome")),
    ("how did the episode finish", Question(kind="outcome")),
    ("What could have gone better?", Question(kind="trials")),
    ("Did any other attempt succeed?", Question(kind="trials")),
    ("Which objects are in front of you?", Question(kind="seen")),
    ("What does the robot see right now?", Question(kind="seen")),
    ("how large is the soap?", Question(kind="seen", thing="soap")),
    ("Where does r0004 come from?", Question(kind="taught", rule="r0004")),
    ("Which experiences led to this rule?", Question(kind="taught")),
    ("Was any rule violated?", Question(kind="refusals")),
    ("How does the executed plan differ from the proposed one?", Question(kind="repair")),
    ("What little change would make it legal?", Question(kind="least_change")),
    ("What were the other candidates?", Question(kind="candidates")),
    ("Have you seen this failure before?", Question(kind="before")),
    ("Was this used for training?", Question(kind="trained")),
    ("What have you learned since?", Question(kind="learned")),
]


def test_phrasings_that_were_new_are_mapped_right() -> None:
    wrong = [f"{text} -> {mapped(text)}" for text, wanted in FORTY + THIRTY if mapped(text) != wanted]
    assert not wrong, "\n".join(wrong)
