"""Differences, consequences and beliefs as short plain sentences, in English or Korean; see `narrate` for the other answers."""

from collections.abc import Iterable, Iterator

from siren.core.rule import Rule
from siren.explain.beliefs import Belief, Beliefs
from siren.explain.consequences import EarlierMistakes, LearnedFrom, Mistake, WithoutRule
from siren.explain.differences import CheckpointDifference, EpisodeDifference, RuleSetDifference
from siren.explain.phrases import Language, Phrases
from siren.memory.weights import Made
from siren.symbolic.sentences import rule_sentence

Told = EpisodeDifference | RuleSetDifference | CheckpointDifference | LearnedFrom | EarlierMistakes | WithoutRule | Beliefs

TABLE: dict[str, tuple[str, str]] = {
    "episodes": ("Episode {first} and episode {second}:", "에피소드 {first}과(와) {second}:"),
    "same_task": ("the same task: {instruction}", "같은 과제: {instruction}"),
    "other_task": ("another task: {first} / {second}", "다른 과제: {first} / {second}"),
    "only": ("  only in {name}: {things}", "  {name}에만: {things}"),
    "thing": ("  {thing}", "  {thing}"),
    "weights": ("weights: {first} / {second}", "가중치: {first} / {second}"),
    "same_weights": ("the same weights: {first}", "같은 가중치: {first}"),
    "refused": ("refused by, only in {name}: {rules}", "{name}에서만 막은 규칙: {rules}"),
    "plan": ("the second plan does otherwise: {changes}", "두 번째 계획이 다르게 한 것: {changes}"),
    "same_plan": ("the same plan was run", "같은 계획을 실행했다"),
    "ended": ("ended: {first} / {second}", "결과: {first} / {second}"),
    "rules_only": ("in force only in the {side} ({count}):", "{side} 쪽에만 있는 규칙 ({count}):"),
    "rules_both": ("in force in both: {count}", "양쪽에 다 있는 규칙: {count}"),
    "first": ("first", "첫 번째"),
    "second": ("second", "두 번째"),
    "rule": ("  {rule}: {saying} ({support} for, {against} against)", "  {rule}: {saying} (찬성 {support}, 반대 {against})"),
    "reworded": ("  {rule} has another wording", "  {rule}의 글이 바뀌었다"),
    "same_rules": ("the same rules were in force", "같은 규칙이 쓰였다"),
    "made": (
        "{name}: made in round {round} of {session} from {parent}, {standing}: {reason}",
        "{name}: {session}의 {round}라운드에서 {parent}(으)로부터 만듦, {standing}: {reason}",
    ),
    "shipped": ("{name}: no record of how it was made", "{name}: 만들어진 기록이 없다"),
    "published": ("published", "쓰임"),
    "kept_back": ("kept back", "쓰이지 않음"),
    "samples": ("  trained on {samples}; {count} episodes", "  학습 자료 {samples}; 에피소드 {count}건"),
    "no_samples": ("  no samples on record", "  학습 자료 기록 없음"),
    "ancestor": ("both come from {name}", "둘 다 {name}에서 나왔다"),
    "no_ancestor": ("no common ancestor is on record", "공통 조상의 기록이 없다"),
    "no_tasks": ("no task was tried by both", "둘 다 해 본 과제가 없다"),
    "share": (
        "{name} does {count} of {tasks} tasks that both tried ({low} to {high} %)",
        "{name}: 둘 다 해 본 과제 {tasks}개 중 {count}개 성공 ({low}~{high} %)",
    ),
    "paired": ("the second gains {gained} and loses {lost}; exact p = {p}", "두 번째가 {gained}개를 얻고 {lost}개를 잃음; 정확 p = {p}"),
    "proposals": ("of those, {count} first proposals read otherwise", "그중 첫 제안이 다른 것 {count}개"),
    "pair": ("  for example: episode {first} / episode {second}", "  예: 에피소드 {first} / {second}"),
    "learned": ("Episode {episode}: {result}.", "에피소드 {episode}: {result}."),
    "speaks": ("  it speaks {side} rule {rule} (now {status}): {saying}", "  규칙 {rule}({status})에 {side}: {saying}"),
    "for": ("for", "찬성"),
    "against": ("against", "반대"),
    "no_rule": ("  no rule rests on it", "  이 에피소드에 기대는 규칙은 없다"),
    "taught": ("  weights were taught: {sample}", "  가중치가 배운 것: {sample}"),
    "batch": ("  in batch {batches}, which made:", "  학습 묶음 {batches}, 그 결과:"),
    "no_batch": ("  no weights were trained on it", "  이것으로 학습한 가중치는 없다"),
    "nothing_wrong": ("Nothing went wrong in episode {episode}.", "에피소드 {episode}에서는 잘못된 일이 없었다."),
    "never": (
        "'{kind}' at {skill} had not happened before episode {episode}.",
        "에피소드 {episode} 전에는 {skill}에서 '{kind}'이(가) 없었다.",
    ),
    "before": (
        "'{kind}' at {skill} happened {total} times before episode {episode}:",
        "에피소드 {episode} 전에 {skill}에서 '{kind}'이(가) {total}번 있었다:",
    ),
    "mistake": (
        "  episode {episode} (round {round}){same}: {instruction}: {result}",
        "  에피소드 {episode} ({round}라운드){same}: {instruction}: {result}",
    ),
    "same_thing": (", the same thing", ", 같은 물건"),
    "earliest": ("  the first was episode {episode}, round {round}", "  처음은 에피소드 {episode}, {round}라운드"),
    "without": ("Without {rule} ({saying}):", "{rule}이(가) 없었다면 ({saying}):"),
    "decisions": (
        "Decisions on record that were judged with it: {decisions}.",
        "기록된 결정 {decisions}건이 이 규칙과 함께 판단되었다.",
    ),
    "alone": (
        "In {alone} it alone was against the proposal that was taken up; {worked} of those worked as they were run.",
        "{alone}건에서는 이 규칙만이 채택된 제안을 막았다. 그중 {worked}건이 실행한 대로 성공했다.",
    ),
    "together": (
        "In {together} other rules were against it too; in {others} it was only against proposals that were not taken up.",
        "{together}건에서는 다른 규칙도 막았고, {others}건에서는 채택되지 않은 제안만 막았다.",
    ),
    "ran_anyway": (
        "Steps that it speaks of and that were run all the same: {ran}; {wrong} of them went wrong as it says.",
        "이 규칙이 말하는 단계 {ran}개가 그래도 실행되었고, 그중 {wrong}개가 규칙의 말대로 잘못되었다.",
    ),
    "spared": (
        "By that share it has spared {low} to {high} failures (95 %).",
        "그 비율이면 실패 {low}~{high}건을 막은 셈이다 (95 %).",
    ),
    "unknown": ("No such step was run, so nobody knows what it spared.", "그런 단계가 실행된 적이 없어 무엇을 막았는지 알 수 없다."),
    "overruled": ("  episode {episode} ({effect}): {instruction}: {result}", "  에피소드 {episode} ({effect}): {instruction}: {result}"),
    "effect_alone": ("it alone", "이 규칙만"),
    "effect_together": ("with others", "다른 규칙과 함께"),
    "effect_others": ("another proposal", "다른 제안"),
    "believes": (
        "What it believes to see in episode {episode} ({perception}):",
        "에피소드 {episode}에서 보고 있다고 믿는 것 ({perception}):",
    ),
    "belief": ("  {name}: {words}; {size} mm; {where}, at {place}", "  {name}: {words}; {size} mm; {where}, 위치 {place}"),
    "sure": ("{line}; {share} % sure", "{line}; {share} % 확신"),
    "in": ("in the {support}", "{support} 안"),
    "on": ("on the {support}", "{support} 위"),
    "mismatch": (
        "  step {step} says {said}, but at that place stands {found}",
        "  {step}단계는 {said}(이)라고 하지만 그 자리에는 {found}이(가) 있다",
    ),
    "agrees": ("  every step goes to the thing that it names", "  모든 단계가 말한 물건으로 간다"),
}


def tell(answer: Told, language: Language = "en") -> Iterator[str]:
    """The answer, line by line."""
    say = Phrases(language, TABLE)
    if isinstance(answer, EpisodeDifference):
        yield from _episodes(answer, say)
    elif isinstance(answer, RuleSetDifference):
        yield from _rule_sets(answer, say)
    elif isinstance(answer, CheckpointDifference):
        yield from _checkpoints(answer, say)
    elif isinstance(answer, LearnedFrom):
        yield from _learned(answer, say)
    elif isinstance(answer, EarlierMistakes):
        yield from _earlier(answer, say)
    elif isinstance(answer, WithoutRule):
        yield from _without(answer, say)
    else:
        yield from _beliefs(answer, say)


def _episodes(answer: EpisodeDifference, say: Phrases) -> Iterator[str]:
    yield say("episodes", first=answer.first, second=answer.second)
    one, other = answer.instructions
    yield say("same_task", instruction=one) if answer.same_task else say("other_task", first=one, second=other)
    for number, things in ((answer.first, answer.only_first), (answer.second, answer.only_second)):
        if things:
            yield say("only", name=number, things=_names(things))
    yield from (say("thing", thing=words) for words in answer.things)
    first, second = answer.checkpoints
    yield say("same_weights" if first == second else "weights", first=first, second=second)
    yield from _rule_sets(answer.rules, say) if answer.rules is not None else (say("same_rules"),)
    for number, rules in ((answer.first, answer.refused_first), (answer.second, answer.refused_second)):
        if rules:
            yield say("refused", name=number, rules=", ".join(rules))
    if answer.same_task:
        yield say("plan", changes="; ".join(answer.plan)) if answer.plan else say("same_plan")
    yield say("ended", first=answer.results[0], second=answer.results[1])


def _rule_sets(answer: RuleSetDifference, say: Phrases) -> Iterator[str]:
    for side, rules in (("first", answer.only_first), ("second", answer.only_second)):
        yield say("rules_only", side=say(side), count=len(rules))
        yield from map(lambda rule: _rule(rule, say), rules)
    yield say("rules_both", count=len(answer.both))
    yield from (say("reworded", rule=change.first.id) for change in answer.reworded)


def _rule(rule: Rule, say: Phrases) -> str:
    return say("rule", rule=rule.id, saying=rule_sentence(rule, say.language), support=rule.support, against=rule.against)


def _checkpoints(answer: CheckpointDifference, say: Phrases) -> Iterator[str]:
    for one in (answer.first, answer.second):
        yield from _made(one, say)
    yield say("ancestor", name=answer.ancestor) if answer.ancestor else say("no_ancestor")
    if not answer.tasks:
        yield say("no_tasks")
        return
    for made, count, (low, high) in zip((answer.first, answer.second), answer.successes, answer.intervals, strict=True):
        yield say("share", name=made.name, count=count, tasks=answer.tasks, low=f"{100 * low:.0f}", high=f"{100 * high:.0f}")
    yield say("paired", gained=answer.gained, lost=answer.lost, p=f"{answer.p_value:.2g}")
    yield say("proposals", count=answer.other_proposals)
    yield from (say("pair", first=first, second=second) for first, second in answer.examples)


def _made(one: Made, say: Phrases) -> Iterator[str]:
    if not one.session:
        yield say("shipped", name=one.name)
        return
    standing = say("published" if one.published else "kept_back")
    values = {"name": one.name, "round": one.round, "session": one.session, "parent": one.parent or "-"}
    yield say("made", **values, standing=standing, reason=one.reason or "-")
    samples = ", ".join(f"{count} {source}" for source, count in one.samples.items())
    yield say("samples", samples=samples, count=len(one.episodes)) if samples else say("no_samples")


def _learned(answer: LearnedFrom, say: Phrases) -> Iterator[str]:
    yield say("learned", episode=answer.episode, result=answer.result)
    for one in answer.rules:
        side = say("for" if one.supports else "against")
        yield say("speaks", side=side, rule=one.rule, status=one.status, saying=one.saying)
    if not answer.rules:
        yield say("no_rule")
    yield from (say("taught", sample=sample) for sample in answer.samples)
    if not answer.batches:
        yield say("no_batch")
        return
    yield say("batch", batches=", ".join(map(str, answer.batches)))
    for made in answer.checkpoints:
        yield from (f"    {line}" for line in _made(made, say))


def _earlier(answer: EarlierMistakes, say: Phrases) -> Iterator[str]:
    if not answer.kind:
        yield say("nothing_wrong", episode=answer.episode)
        return
    about = {"kind": answer.kind.replace("_", " "), "skill": answer.skill, "episode": answer.episode}
    yield say("before", total=answer.total, **about) if answer.total else say("never", **about)
    yield from (_mistake(one, say) for one in answer.mistakes)
    if answer.first is not None and answer.total > len(answer.mistakes):
        yield say("earliest", episode=answer.first.episode, round=answer.first.round)


def _mistake(one: Mistake, say: Phrases) -> str:
    values = {"episode": one.episode, "round": one.round, "instruction": one.instruction, "result": one.result}
    return say("mistake", same=say("same_thing") if one.same_thing else "", **values)


def _without(answer: WithoutRule, say: Phrases) -> Iterator[str]:
    yield say("without", rule=answer.rule.id, saying=rule_sentence(answer.rule, say.language))
    yield say("decisions", decisions=answer.decisions)
    yield say("alone", alone=answer.alone, worked=answer.worked)
    yield say("together", together=answer.together, others=answer.others)
    if answer.ran_anyway:
        low, high = answer.expected
        yield say("ran_anyway", ran=answer.ran_anyway, wrong=answer.went_wrong)
        yield say("spared", low=f"{low:.0f}", high=f"{high:.0f}")
    else:
        yield say("unknown")
    for one in answer.examples:
        effect = say(f"effect_{one.effect}")
        yield say("overruled", episode=one.episode, effect=effect, instruction=one.instruction, result=one.result)


def _beliefs(answer: Beliefs, say: Phrases) -> Iterator[str]:
    yield say("believes", episode=answer.episode, perception=answer.perception)
    yield from (tell_belief(one, say.language) for one in answer.things)
    wrong = [one for one in answer.steps if not one.agrees]
    yield from (say("mismatch", step=one.step, said=_names((one.said,)), found=_names((one.found,))) for one in wrong)
    if not wrong:
        yield say("agrees")


def tell_belief(one: Belief, language: Language = "en") -> str:
    """One thing in a line."""
    say = Phrases(language, TABLE)
    words = ", ".join(dict.fromkeys((one.colour, *one.seen, *(word.replace("_", " ") for word in one.known))))
    where = say("in" if one.inside else "on", support=_names((one.support,)))
    place = " ".join(f"{value:.3f}" for value in one.position)
    line = say("belief", name=_names((one.name,)), words=words, size=" x ".join(map(str, one.size_mm)), where=where, place=place)
    return line if one.confidence == 1 else say("sure", line=line, share=f"{100 * one.confidence:.0f}")


def _names(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
