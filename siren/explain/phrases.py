"""What explanations say, in English and Korean: a key and values in, a sentence out.

    say = Phrases("ko")
    say("worked")
    say("step_of", step=1, episode=12, text="pick egg from top")

Names of things, rule texts and facts stay as they are: they are what one can ask about. Sentences of rules come from elsewhere: from the
record, or for Korean from `symbolic.sentences`. Korean particles that depend on the sound before them are written both ways, because what
stands there is a name.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from siren.core.episode import Event

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

# What happened; {} stands for the thing. A kind that is not here is told by its name.
EVENTS: dict[str, tuple[str, str]] = {
    "collision": ("the arm hit {}", "팔이 {}에 부딪혔다"),
    "hand_hit": ("the hand hit {}", "손이 {}에 부딪혔다"),
    "missed_grasp": ("the fingers missed {}", "손가락이 {}을(를) 놓쳤다"),
    "dropped": ("{} was dropped", "{}을(를) 떨어뜨렸다"),
    "crushed": ("{} was crushed", "{}이(가) 찌그러졌다"),
    "broken": ("{} broke", "{}이(가) 깨졌다"),
    "bump": ("{} was bumped", "{}을(를) 건드렸다"),
    "blocked": ("the fingers were blocked by {}", "손가락이 {}에 막혔다"),
    "unreachable": ("{} could not be reached", "{}에 닿을 수 없었다"),
    "toppled": ("{} toppled", "{}이(가) 넘어졌다"),
    "displaced": ("{} did not stay where it was put", "{}이(가) 놓은 자리에 있지 않았다"),
    "rotated": ("{} was turned", "{}이(가) 돌아갔다"),
    "spilled": ("{} was spilled", "{}을(를) 쏟았다"),
    "rolled": ("{} rolled away", "{}이(가) 굴러갔다"),
    "fell_off": ("{} fell off", "{}이(가) 굴러떨어졌다"),
    "goal_missed": ("the goal was not reached", "목표에 이르지 못했다"),
    "refused": ("the world refused the plan before anything moved", "아무것도 움직이기 전에 계획이 거부되었다"),
}

PHRASES: dict[str, tuple[str, str]] = {
    "episode": ('Episode {episode} (round {round}, {use}): "{instruction}"', '에피소드 {episode} ({round}라운드, {use}): "{instruction}"'),
    "seen": ("Seen by the policy: {things}", "정책이 본 것: {things}"),
    "seen_nothing": ("Seen by the policy: nothing", "정책이 본 것: 없음"),
    "not_policy": (
        "The plan did not come from the policy; it was run to find out what happens.",
        "이 계획은 정책이 낸 것이 아니라, 어떻게 되는지 알아보려고 실행한 것이다.",
    ),
    "from_scratch": (
        "None of the proposals could be mended; the plan was made from scratch.",
        "고칠 수 있는 제안이 없어서 계획을 처음부터 새로 만들었다.",
    ),
    "dared": (
        "It was run as it is to learn whether the rules against it are right.",
        "막은 규칙이 옳은지 알아보려고 그대로 실행했다.",
    ),
    "ran": ("What was run:", "실행한 계획:"),
    "no_rules_then": (
        "No rules judged it when it was run; this is judged by the rules as they are now.",
        "실행할 때는 판단한 규칙이 없었다. 지금의 규칙으로 판단했다.",
    ),
    "rules_not_kept": (
        "The rules of that day were not kept; this is judged by the rules as they are now.",
        "그때의 규칙이 남아 있지 않다. 지금의 규칙으로 판단했다.",
    ),
    "disagrees": (
        "Judged again, the candidates do not get the verdicts on record: knowledge or domain files have changed since.",
        "다시 판단하니 기록과 다르다. 그 뒤로 지식 파일이나 영역 파일이 바뀌었다.",
    ),
    "asked_failed": ("Memory was asked because the attempt before had failed.", "바로 앞의 시도가 실패해서 기억을 찾아보았다."),
    "asked_refused": ("Memory was asked because rules were against every proposal.", "모든 제안을 규칙이 막아서 기억을 찾아보았다."),
    "asked_unsure": (
        "Memory was asked because the policy wavered between things ({doubt} nats).",
        "정책이 무엇을 다룰지 망설여서({doubt}나트) 기억을 찾아보았다.",
    ),
    "repeats": ("  put back, because it is what just failed: proposal {ranks}", "  방금 실패한 것과 같아 뒤로 미룬 제안: {ranks}"),
    "holds": ("  holds already: {parts}; left out: {steps}", "  이미 이루어진 것: {parts}; 뺀 단계: {steps}"),
    "holds_nothing": ("  nothing of the goal holds yet", "  목표 가운데 이루어진 것이 아직 없다"),
    "neighbours": ("  similar before: {episodes}", "  비슷했던 때: {episodes}"),
    "neighbour": ('episode {episode} "{instruction}" {result}', '에피소드 {episode} "{instruction}" {result}'),
    "neighbour_worked": ("worked", "성공"),
    "neighbour_failed": ("failed", "실패"),
    "from_memory": (
        "  proposal {rank} is the first one done as in episode {episode}",
        "  제안 {rank}은(는) 첫 제안을 에피소드 {episode}의 방식으로 바꾼 것이다",
    ),
    "proposal": ("Proposal {rank} (log-probability {score}{taken})", "제안 {rank} (로그 확률 {score}{taken})"),
    "taken": (", taken up", ", 채택"),
    "no_plan": ('{name} is no plan: "{text}"', '{name}은(는) 계획이 아니다: "{text}"'),
    "no_rule_against": ("  no rule is against it", "  막는 규칙이 없다"),
    "refused": ("  step {step}: {sentence} [{rule}{mark}]", "  {step}단계: {sentence} [{rule}{mark}]"),
    "unverified": (", NOT verified", ", 확인 안 됨"),
    "because": ("    because {reasons}", "    근거: {reasons}"),
    "absent": ("no {fact}", "{fact} 아님"),
    "core_rule": ("    a core rule, written by hand", "    사람이 쓴 핵심 규칙"),
    "by_person": ("    written by a person; {record}", "    사람이 쓴 규칙; {record}"),
    "learned": ("    learned: {record}", "    배운 규칙: {record}"),
    "record": (
        "{support} failures for it, {against} against, confidence {confidence}",
        "찬성 실패 {support}건, 반대 {against}건, 신뢰도 {confidence}",
    ),
    "taught_by": ("taught by {episodes}", "{episodes}에서 배움"),
    "contradicted_by": ("contradicted by {episodes}", "{episodes}이(가) 반대함"),
    "episodes": ("episodes {numbers}", "에피소드 {numbers}"),
    "one_episode": ("episode {numbers}", "에피소드 {numbers}"),
    "and_more": (" and {count} more", " 외 {count}건"),
    "lesson": ("      episode {episode}: {story}", "      에피소드 {episode}: {story}"),
    "lesson_against": ("      episode {episode} (against): {story}", "      에피소드 {episode} (반대): {story}"),
    "repair": ("Repair: {edits}.", "수정: {edits}."),
    "still_against": ("  still against it: {sentence} [{rule}]", "  여전히 막는 규칙: {sentence} [{rule}]"),
    "not_repaired": ("No repair was made; the plan was run in spite of this.", "고치지 않고 그대로 실행했다."),
    "edit": ("step {step} {field} {before} -> {after}", "{step}단계 {field} {before} -> {after}"),
    "insert": ("before step {step} {after}", "{step}단계 앞에 {after}"),
    "order": ("steps in the order {after}, not {before}", "순서를 {before}에서 {after}(으)로"),
    "aim": ("step {step} goes to {after} instead of {before}", "{step}단계는 {before} 대신 {after}(으)로 간다"),
    "worked": ("Outcome: it worked.", "결과: 성공했다."),
    "missed": (
        "Outcome: it failed; nothing was seen to go wrong, but the goal does not hold.",
        "결과: 실패했다. 잘못된 일은 보이지 않았지만 목표가 이루어지지 않았다.",
    ),
    "failed": ("Outcome: it failed. First, {event}.", "결과: 실패했다. 먼저 {event}."),
    "then": ("  Then {events}.", "  그다음 {events}."),
    "event": ("{clause} at step {step}, phase {phase}", "{step}단계({phase})에서 {clause}"),
    "something": ("something", "무언가"),
    "thing": ("the {name}", "{name}"),
    "tried_again": ("The same table was tried again:", "같은 상황을 다시 해 보았다:"),
    "trial": ("  episode {episode}: {changes}: {result}", "  에피소드 {episode}: {changes}: {result}"),
    "same_plan": ("the same plan", "같은 계획"),
    "speaks_for_one": ("It speaks for rule {rules}.", "이 에피소드가 뒷받침하는 규칙: {rules}."),
    "speaks_for": ("It speaks for rules {rules}.", "이 에피소드가 뒷받침하는 규칙: {rules}."),
    "trained": ("These weights were trained on it: {names}.", "이 에피소드로 학습한 가중치: {names}."),
    "step_of": ("Step {step} of episode {episode}: {text}", "에피소드 {episode}의 {step}단계: {text}"),
    "put_in": ("The policy did not propose it; the repair put it in.", "정책이 낸 단계가 아니라 수정하면서 넣은 단계다."),
    "as_proposed": ("It was run as the policy proposed it.", "정책이 낸 그대로 실행했다."),
    "changed_by": ("Changed by the repair: {edits}.", "수정된 부분: {edits}."),
    "against_proposed": ("Rules against it as it was proposed:", "제안된 그대로라면 막는 규칙:"),
    "against_without": ("Without it there would be rules against the plan:", "이 단계가 없으면 계획을 막는 규칙:"),
    "nothing_against": ("No rule was against it.", "막는 규칙이 없었다."),
    "still_as_run": ("Rules still against it as it was run:", "실행한 그대로도 여전히 막는 규칙:"),
    "happened": ("What happened: {event}.", "일어난 일: {event}."),
    "step_fine": ("Nothing went wrong at this step.", "이 단계에서는 잘못된 일이 없었다."),
    "why_not": ("Why episode {episode} did not do this: {steps}", "에피소드 {episode}이(가) 이렇게 하지 않은 까닭: {steps}"),
    "proposed_as": ("The policy proposed it, as number {rank}.", "정책이 {rank}번째로 제안한 것이다."),
    "none_against": ("No rule is against it.", "막는 규칙이 없다."),
    "just_not": ("No rule is against it; the policy just did not propose it.", "막는 규칙은 없다. 정책이 제안하지 않았을 뿐이다."),
    "hard": ("It may not run at all: a core rule is broken.", "핵심 규칙을 어기므로 실행할 수 없다."),
    "weights_against": ("Weight against it {weight}; against what was run {run}.", "막는 무게 {weight}, 실행한 계획은 {run}."),
    "if": ("If {changes}, then for {plan} in episode {episode}:", "{changes}(이)라면, 에피소드 {episode}의 {plan}에 대해:"),
    "plan_proposed": ("the plan as it was proposed", "제안된 계획"),
    "plan_run": ("the plan that was run", "실행한 계획"),
    "no_longer": ("  no longer: {sentence}", "  사라짐: {sentence}"),
    "newly": ("  newly: {sentence}", "  새로 생김: {sentence}"),
    "still": ("  still: {sentence}", "  그대로: {sentence}"),
    "same_said": ("  the rules would have said the same.", "  규칙의 판단은 같았을 것이다."),
    "all_clear": ("  nothing would have been against it.", "  막는 것이 없었을 것이다."),
    "least": ("The least that satisfies the rules: {changes}.", "규칙을 만족하는 가장 작은 변화: {changes}."),
    "least_unproven": (
        "The least that satisfies the rules: {changes} (fewer may do).",
        "규칙을 만족하는 가장 작은 변화: {changes} (더 적을 수도 있다).",
    ),
    "none_satisfies": (
        "No change of manner, and nothing taken away, would satisfy the rules.",
        "방식을 바꾸거나 무엇을 치워도 규칙을 만족할 수 없다.",
    ),
    "none_in_time": ("No change was found in time that would satisfy the rules.", "제때에 규칙을 만족하는 변화를 찾지 못했다."),
    "and": (" and ", " 그리고 "),
    "not": ("not {fact}", "{fact} 아님"),
    "tested": (
        "Tested: {verified} of {proofs} reasons held when solved again without the named rule.",
        "검증: 해당 규칙 없이 다시 풀었을 때 근거 {proofs}개 중 {verified}개가 맞았다.",
    ),
    "tested_one": (
        "Tested: {verified} of 1 reason held when solved again without the named rule.",
        "검증: 해당 규칙 없이 다시 풀었을 때 근거 1개 중 {verified}개가 맞았다.",
    ),
    "no_rule_involved": ("No rule was involved.", "관련된 규칙이 없다."),
}


class Phrases:
    """The sentences of one language."""

    def __init__(self, language: Language = "en", table: Mapping[str, tuple[str, str]] = PHRASES) -> None:
        self.language = language
        self._table = table
        self._place = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of that key with the values put in."""
        return self._table[key][self._place].format(**values)

    def event(self, event: Event) -> str:
        """An event as a clause: `the egg was crushed at step 1, phase grasp`."""
        name = event.subject.replace("_", " ") if event.subject else ""
        thing = PHRASES["thing" if name else "something"][self._place].format(name=name)
        unknown = "{}: " + event.kind.replace("_", " ")
        clause = EVENTS.get(event.kind, (unknown, unknown))[self._place].format(thing)
        return PHRASES["event"][self._place].format(clause=clause, step=event.step, phase=event.phase)
