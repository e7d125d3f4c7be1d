"""The headline figures of a kick in words: score, foot, contact, knee, speed of the foot."""

from posedeck.pose.kick.analysis import FootSpeed, KickAnalysis, KneeAtImpact
from posedeck.services.soccer import KickResult
from posedeck.texts import Texts

#: A title, what it is, and what that is worth or rests on.
Fact = tuple[str, str, str]


def kick_facts(result: KickResult, t: Texts) -> list[Fact]:
    """The score, and what the analysis tells when there is one."""
    score = result.total_score
    told = t("soccer.score.none") if score is None else t("soccer.score.value", score=f"{score:.0f}")
    scored = t("soccer.scored", count=sum(metric.points is not None for metric in result.metrics))
    facts = [(t("soccer.score"), told, scored)]
    return facts if result.analysis is None else facts + _analysis_facts(result.analysis, t)


def _analysis_facts(analysis: KickAnalysis, t: Texts) -> list[Fact]:
    before, after = (analysis.times_s[frame] for frame in analysis.impact_frames)
    by = t("soccer.contact.by_ball" if analysis.impact_by_ball else "soccer.contact.by_foot")
    filmed = t("soccer.filmed", view=t(f"kick.view.{analysis.view}"), fps=f"{analysis.fps:.0f}")
    return [
        (t("soccer.side"), t(f"kick.side.{analysis.side}"), filmed),
        (t("soccer.contact"), t("soccer.contact.value", before=f"{before:.3f}", after=f"{after:.3f}"), by),
        (t("soccer.knee"), *_knee(analysis, t)),
        (t("soccer.speed"), *_speed(analysis, t)),
    ]


def _worth(measured: FootSpeed | KneeAtImpact, t: Texts) -> str:
    status = t(f"kick.validity.{measured.status}")
    return status if measured.reason is None else f"{status}: {t(f'kick.reason.{measured.reason}')}"


def _knee(analysis: KickAnalysis, t: Texts) -> tuple[str, str]:
    knee = analysis.knee_at_impact
    if knee is None:
        return "–", t("soccer.knee.older")
    if knee.value is None:
        return t("kick.withheld"), _worth(knee, t)
    return t("soccer.knee.value", value=f"{knee.value:.0f}", low=f"{knee.low:.0f}", high=f"{knee.high:.0f}"), _worth(
        knee, t
    )


def _speed(analysis: KickAnalysis, t: Texts) -> tuple[str, str]:
    speed = analysis.foot_speed
    worth = _worth(speed, t)
    if speed.low is None or speed.high is None:
        return t("kick.withheld"), worth
    low, high = f"{speed.low:.1f}", f"{speed.high:.1f}"
    if speed.value is None:
        return t("soccer.speed.range", low=low, high=high), worth
    return t("soccer.speed.value", value=f"{speed.value:.1f}", low=low, high=high), worth
