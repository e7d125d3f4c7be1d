"""What is written into each frame of a drawn kick."""

from posedeck.pose.kick.analysis import KickAnalysis, PhaseName

_PHASES: dict[PhaseName, str] = {
    "approach": "Approach",
    "plant": "Plant",
    "backswing": "Backswing",
    "impact": "Impact",
    "follow_through": "Follow-through",
}
_CURVES = {"kicking_knee": "Kicking knee", "support_knee": "Support knee", "trunk": "Trunk lean"}


def captions(analysis: KickAnalysis) -> list[tuple[str, ...]]:
    """Lines of text for each frame of the clip: phase, time and angles; at the end the score too."""
    return [_lines(analysis, frame) for frame in range(len(analysis.times_s))]


def _lines(analysis: KickAnalysis, frame: int) -> tuple[str, ...]:
    # Phases share their ends; the later one begins there.
    phases = [phase.name for phase in analysis.phases if phase.first_frame <= frame <= phase.last_frame]
    lines = [f"{_PHASES[phases[-1]] if phases else 'No phase'}   {analysis.times_s[frame]:.2f} s"]
    for key, name in _CURVES.items():
        value = analysis.angles_deg[key][frame]
        lines.append(f"{name}: not seen" if value is None else f"{name} {value:.0f} deg")
    knee = analysis.knee_at_impact
    if knee is not None and knee.value is not None and frame >= analysis.impact_frames[0]:
        lines.append(f"At contact: knee {knee.value:.0f} deg ({knee.low:.0f} to {knee.high:.0f})")
    if analysis.total_score is not None and frame >= analysis.event("follow_through").frame:
        lines.append(f"Score {analysis.total_score:.0f} of 100 ({analysis.scored} values)")
    return tuple(lines)
