"""Evidence and what a rule was before, as where it stands now and the sentence that says why.

    proposed -> shadow -> active <-> probation -> retired        quarantined: it forbids too much; standby: nobody breaks it any more

A rule is proposed by the search and judged at once: what the held-out scenes do not yet bear out waits in the shadow, evaluated but in
nobody's way. Steps that were never run, because a rule stood in their way, count for nothing: neither for a rule nor against it.
"""

from collections.abc import Sequence

from siren.core.rule import IN_FORCE, Rule, Status
from siren.core.statistics import wilson
from siren.learning.vetting import DOUBTFUL, SHADOW_ABOVE, STAYS_ABOVE, Evidence, Z

MAY_BLOCK = 0.05  # share of the steps that are known to go well which a rule may forbid
PRECISE = 0.75  # lower bound of a rule's precision from which what it forbids in vain counts as noise
NAMED = 4  # episodes named in a reason


def overreach(known: int, blocked: int, evidence: Evidence) -> str:
    """Why a rule forbids too much of what is known to go well; empty when it does not.

    known: steps of its group that went well; blocked: those of them that it would have forbidden. Labels are noisy, so the share has to be
    above 5 % for sure (one-sided 95 %), and what the rule says has to be less than precise: with one label in ten turned over, a rule
    that is right forbids 5.6 % of the steps that seem to have gone well where a third of all fail by it.
    """
    if wilson(blocked, known, Z)[0] <= MAY_BLOCK or evidence.bound >= PRECISE:
        return ""
    share = f"{100 * blocked / known:.0f} %; up to {100 * MAY_BLOCK:.0f} % is borne"
    return f"forbids too much: {blocked} of {known} steps that went well ({share})"


def because(before: Status | None, now: Status, evidence: Evidence, refuted_by: Sequence[int] = ()) -> str:
    """One sentence on why a rule stands where it stands, in cases (`tally`).

    refuted_by: episodes of steps where it held and nothing happened.
    """
    held, all_cases, right = sum(evidence.judged), evidence.support + evidence.against, evidence.judged[0]
    counted = f"{evidence.support} of {all_cases} cases where it holds failed as it says"
    if now in IN_FORCE and before not in IN_FORCE:
        told = f"of {held} cases that did not suggest it, where it holds, {right} failed as it says"
        return f"accepted: {told}; {evidence.support} of {all_cases} in all"
    if now == "active":
        return f"trusted again: {counted} (lower bound {evidence.bound:.2f})"
    if now == "probation":
        return f"in doubt: {counted}, so surely only {evidence.bound:.2f} (in doubt up to {DOUBTFUL}, refuted up to {STAYS_ABOVE})"
    if now == "shadow":
        return f"a suspicion: {counted}, {right} of {held} among those that did not suggest it, which is too little to accept it"
    if now == "retired" and before == "shadow" and evidence.bound > SHADOW_ABOVE:
        often = f"{100 * evidence.base:.0f} % of all cases fail so"
        return f"given up: {counted}, surely {evidence.bound:.2f}, too little above chance ({often}){_named(refuted_by)}"
    if now == "retired":
        return f"refuted: only {counted} (lower bound {evidence.bound:.2f}){_named(refuted_by)}"
    return counted


def superseded(better: Sequence[Rule]) -> str:
    """Why a rule goes that adds nothing to better ones."""
    named = ", ".join(rule.id for rule in better[:NAMED]) or "better rules"
    return f"superseded: what it explains, {named} explain better"


def moved(rule: Rule, now: Status, reason: str) -> Rule:
    """The rule with its new status. The reason changes only with the status, so that it keeps saying what led here."""
    return rule if rule.status == now else rule.model_copy(update={"status": now, "reason": reason})


def _named(episodes: Sequence[int]) -> str:
    if not episodes:
        return ""
    rest = len(episodes) - NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f"; nothing happened in episodes {', '.join(map(str, episodes[:NAMED]))}{more}"
