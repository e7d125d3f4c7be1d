"""How often the truth lies in the shown interval of each kick metric, over frame rates.

    python -m benchmarks.kick_validity --draws 500

The rendered kick's true joints are interpolated by splines, resampled to each frame rate from a random first moment,
and given the noise of a pose model (see ``tests.support.kick``). A withheld value counts as neither hit nor miss.
"""

import argparse
from collections import Counter, defaultdict

import numpy as np

from posedeck.pose.kick.analysis import analyse
from posedeck.pose.kick.events import NoKickError
from tests.support.kick import SIZE_PX, ball_at, track_at, true_kick, true_knee_deg, true_values, truth

FRAME_RATES = (240, 120, 60, 30, 24)
#: Beside the documented values.
_KNEE = ("kicking_knee", "impact")


def main() -> None:
    """Print, per frame rate and metric, the share of draws in which it was shown and that held the truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=500)
    draws = parser.parse_args().draws
    true = true_values() | {_KNEE: true_knee_deg()}
    for fps in FRAME_RATES:
        rng = np.random.default_rng(fps)
        shown: Counter[tuple[str, str]] = Counter()
        held: Counter[tuple[str, str]] = Counter()
        widths: dict[tuple[str, str], list[float]] = defaultdict(list)
        metrics, phase_errors, failed = [], defaultdict(list), 0
        for _ in range(draws):
            times = np.arange(rng.uniform(0, 1 / fps), true_kick().times_s[-1], 1 / fps)
            try:
                analysis = analyse(track_at(times, rng), ball_at(times, rng), 174.8, SIZE_PX)
            except NoKickError:
                failed += 1
                continue
            given = set()
            for value in analysis.values:
                key = (value.metric, value.phase)
                if value.low is None or value.high is None:
                    continue
                given.add(value.metric)
                shown[key] += 1
                held[key] += value.low <= true[key] <= value.high
                widths[key].append((value.high - value.low) / 2)
            knee = analysis.knee_at_impact
            if knee is not None and knee.low is not None and knee.high is not None:
                shown[_KNEE] += 1
                held[_KNEE] += knee.low <= true[_KNEE] <= knee.high
                widths[_KNEE].append((knee.high - knee.low) / 2)
            metrics.append(len(given))
            phase_errors["side"].append(float(analysis.side != "right"))
            for event, name in (("plant", "plant"), ("backswing", "max_backswing"), ("impact", "impact")):
                phase_errors[event].append(abs(analysis.event(event).time_s - truth()["events"][name]))
            end = truth()["events"]["max_follow_through"]
            phase_errors["follow_through"].append(abs(analysis.event("follow_through").time_s - end))
        enough = np.mean(np.array(metrics) >= 7)
        print(f"\n{fps} fps: at least 7 metrics in {enough:.1%}, fewest {min(metrics)}; no kick {failed}")
        print("  largest event error in s:", {k: round(max(v), 3) for k, v in phase_errors.items()})
        for key, value in true.items():
            share = held[key] / shown[key] if shown[key] else float("nan")
            width = np.median(widths[key]) if widths[key] else float("nan")
            name = " ".join(key)
            print(f"  {name:40} truth {value:7.2f} shown {shown[key] / draws:5.0%} held {share:6.1%} ±{width:.2f}")


if __name__ == "__main__":
    main()
