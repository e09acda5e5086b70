"""Answers as lines that a person reads."""

from siren.core.geometry import pick_step, put_step
from siren.core.plan import Plan
from siren.core.recollection import Neighbour, Recalled
from siren.core.scene import Scene, SceneObject
from siren.explain.narrate import narrate
from siren.explain.query import explain_episode, what_if, why, why_not
from siren.explain.trials import changes_between


def test_the_chain_is_told_in_order(evening):
    text = narrate(explain_episode(evening.store, evening.mended, evening.knowledge))
    parts = (
        'collect): "pick up the egg"',
        "Proposal 1 (log-probability -0.50, taken up): pick egg from top, slow, firm",
        "step 1: egg is fragile: it does not bear a firm grip [r0001]",
        "because step(1,pick,egg), attribute(egg,fragile), force(1,firm)",
        f"learned: 2 failures for it, 0 against, confidence 0.80; taught by episode {evening.failed}",
        f"episode {evening.failed}: pick up the egg: egg crushed at step 1, grasp",
        'Proposal 2 (log-probability -9.00) is no plan: "pick the"',
        "Repair: step 1 force firm -> gentle.",
        "pick egg from top, slow, gentle",
        "Outcome: it worked.",
        "Tested: 1 of 1 reason held when solved again without the named rule.",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places, text
    assert places == sorted(places)


def test_a_failure_is_told_with_what_came_of_it(evening):
    text = narrate(explain_episode(evening.store, evening.failed, evening.knowledge))
    assert "Outcome: it failed. First, the egg was crushed at step 1, phase grasp." in text
    assert f"episode {evening.probe}: step 1: gentle: it worked" in text
    assert "It speaks for rule r0001." in text
    assert "These weights were trained on it: tuned-1." in text


def test_what_came_from_memory_is_told_with_its_reason(evening):
    past = Neighbour(episode=7, likeness=0.91, success=True, instruction="grab the egg")
    recalled = Recalled(
        level="l3",
        trigger="unsure",
        doubt=1.234,
        repeats=(1,),
        holds=("die in box",),
        left_out=("pick die from top",),
        neighbours=(past,),
        order=(-1, 0, 1),
        source=7,
    )
    answer = explain_episode(evening.store, evening.mended, evening.knowledge)
    assert answer.recalled is None
    assert "Memory" not in narrate(answer)
    text = narrate(answer.model_copy(update={"recalled": recalled}))
    for line in (
        "Memory was asked because the policy wavered between things (1.23 nats).",
        "put back, because it is what just failed: proposal 2",
        "holds already: die in box; left out: pick die from top",
        'similar before: episode 7 "grab the egg" worked',
        "proposal 1 is the first one done as in episode 7",
    ):
        assert line in text
    assert "에피소드 7의 방식으로" in narrate(answer.model_copy(update={"recalled": recalled}), "ko")


def test_the_other_questions_are_told(evening):
    store, knowledge = evening.store, evening.knowledge
    assert "Changed by the repair: step 1 force firm -> gentle." in narrate(why(store, evening.mended, 1, knowledge))
    proposal = store.episode(evening.mended).decision.candidates[0].text
    assert "The policy proposed it, as number 1." in narrate(why_not(store, evening.mended, proposal, knowledge))
    assert "nothing would have been against it" in narrate(what_if(store, evening.mended, "force(1,gentle)", knowledge))
    assert "the rules would have said the same" in narrate(what_if(store, evening.mended, "colour(egg,red)", knowledge))


def test_what_another_run_did_otherwise():
    egg = SceneObject(name="egg", kind="egg", position=(0.4, 0.0, 0.022), yaw=0.0, size=(0.05, 0.04, 0.044), colour="white")
    scene = Scene(objects=(egg,))
    pick = pick_step(egg, 0, "fast", "firm")
    put = put_step("place", egg, scene, "on", "table", (0.5, 0.1), 0, "high", "fast", "firm")
    low = put_step("place", egg, scene, "on", "table", (0.5, 0.1), 0, "low", "fast", "firm")
    turned = pick_step(egg, 45, "slow", "firm")
    assert changes_between(Plan(steps=(pick, put)), Plan(steps=(pick, put))) == ()
    assert changes_between(Plan(steps=(pick, put)), Plan(steps=(turned, put))) == ("step 1: slow", "step 1: finger axis at 45 degrees")
    assert changes_between(Plan(steps=(pick, put)), Plan(steps=(pick, low)))[0].startswith("step 2: at height ")
    aside = put_step("place", egg, scene, "on", "table", (0.53, 0.14), 0, "high", "fast", "firm")
    assert changes_between(Plan(steps=(pick, put)), Plan(steps=(pick, aside))) == ("step 2: 50 mm aside",)
    assert changes_between(Plan(steps=(put,)), Plan(steps=(pick, put))) == ("first pick egg from top",)
    assert changes_between(Plan(steps=(pick, put)), Plan(steps=(pick,))) == ("without place egg on table",)


def test_a_refusal_is_told_in_korean(evening):
    text = narrate(explain_episode(evening.store, evening.mended, evening.knowledge), "ko")
    assert "egg이(가) 깨지기 쉽고 세게 쥐면" in text
    assert "결과: 성공했다." in text
