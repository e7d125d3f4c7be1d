"""Proof by construction: faults put into a consensus pose are named for what they are."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from posedeck.pose.agreement import JointAgreement, Verdict, compare_people
from posedeck.pose.agreement.joints import GOOD_SIMILARITY, SAME_SIMILARITY
from posedeck.pose.agreement.similarity import common_area_px2
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import COCO_17
from tests.unit.pose.agreement.builders import FALLOFF, PROFILE, group, noisy, similarity

#: 2,000 in all, as many of each fault.
DRAWS = 500
NEEDED = 0.95

PAIRED = [i for i, twin in enumerate(COCO_17.mirror_order) if i != twin]
#: The sample group's picture.
PICTURE = (1024.0, 768.0)

Injector = Callable[[list[FloatArray], int, np.random.Generator], int]


@cache
def scale_px(person: int) -> float:
    pose = group()[person]
    return math.sqrt(common_area_px2(pose, pose))


def likeness_to_others(point: FloatArray, joint: int, person: int) -> tuple[float, float]:
    """How well a point would pass for the person's opposite joint, and for a joint of that kind of somebody else."""
    twin = COCO_17.mirror_order[joint]
    consensus = [pose.xy_px for pose in group()]
    opposite = similarity(np.hypot(*(point - consensus[person][twin])), joint, scale_px(person))
    strangers = [
        similarity(np.hypot(*(point - consensus[other][each])), joint, scale_px(other))
        for other in range(len(consensus))
        if other != person
        for each in (joint, twin)
    ]
    return float(opposite) if twin != joint else 0.0, max(float(each) for each in strangers)


def jitter(
    people: list[FloatArray], person: int, rng: np.random.Generator, alike: tuple[float, float] = (0.57, 0.78)
) -> int:
    """One joint off in any direction, so far that it stays between .57 and .78 alike, on top of the noise."""
    joint = int(rng.integers(len(COCO_17)))
    reach = FALLOFF[joint] * scale_px(person) * math.sqrt(-2.0 * math.log(rng.uniform(*alike)))
    turn = rng.uniform(0.0, 2.0 * math.pi)
    people[person][joint] += reach * np.array([math.cos(turn), math.sin(turn)])
    return joint


def inversion(people: list[FloatArray], person: int, rng: np.random.Generator) -> int:
    """A pair exchanged, or one joint put on its twin, where left and right are clearly apart."""
    xy, truth = people[person], group()[person].xy_px
    while True:
        joint = int(rng.choice(PAIRED))
        twin = COCO_17.mirror_order[joint]
        apart = float(similarity(np.hypot(*(truth[joint] - truth[twin])), joint, scale_px(person)))
        # Two standard deviations apart is exp(-1/2) alike; a joint that is still half alike is jitter by definition.
        exchange = bool(rng.integers(2))
        if apart < (0.55 if exchange else 0.4):
            break
    xy[joint], xy[twin] = xy[twin].copy(), (xy[joint].copy() if exchange else xy[twin].copy())
    return joint


def swap(people: list[FloatArray], person: int, rng: np.random.Generator) -> int:
    """One joint on the same joint of somebody else, where that is neither near its own place nor near its twin's."""
    while True:
        joint = int(rng.integers(len(COCO_17)))
        other = int(rng.choice([each for each in range(len(people)) if each != person]))
        target = people[other][joint]
        own = similarity(np.hypot(*(target - people[person][joint])), joint, scale_px(person))
        if max(float(own), likeness_to_others(target, joint, person)[0]) < 0.3:
            people[person][joint] = target.copy()
            return joint


def miss(people: list[FloatArray], person: int, rng: np.random.Generator) -> int:
    """One joint anywhere in the picture where none of its kind is near."""
    joint = int(rng.integers(len(COCO_17)))
    while True:
        point = rng.uniform((0.0, 0.0), PICTURE)
        own = similarity(np.hypot(*(point - people[person][joint])), joint, scale_px(person))
        if max(float(own), *likeness_to_others(point, joint, person)) < 0.3:
            people[person][joint] = point
            return joint


def whole_band(people: list[FloatArray], person: int, rng: np.random.Generator) -> int:
    """Jitter over all that the definition allows, from half alike to nearly the same place."""
    return jitter(people, person, rng, (SAME_SIMILARITY, GOOD_SIMILARITY))


def spoiled_joint(inject: Injector, seed: int) -> JointAgreement:
    """A joint of one of three neighbours that was spoiled in an otherwise noisy answer."""
    rng = np.random.default_rng(seed)
    consensus = group()
    person = int(rng.integers(len(consensus)))
    spoiled = [noisy(pose, rng).xy_px for pose in consensus]
    joint = inject(spoiled, person, rng)
    answer = [pose.with_xy(xy) for pose, xy in zip(consensus, spoiled, strict=True)]
    # Which side is spoiled must not matter.
    sides: tuple[list[Pose], list[Pose]] = (consensus, answer) if rng.integers(2) else (answer, consensus)
    pairs = {pair.left: pair for pair in compare_people(*sides, PROFILE).pairs}
    return pairs[person].joints[joint]


@pytest.mark.parametrize(
    ("inject", "verdict"),
    [
        (jitter, Verdict.JITTER),
        (inversion, Verdict.INVERSION),
        (swap, Verdict.SWAP),
        (miss, Verdict.MISS),
    ],
)
def test_injected_faults_are_named(inject: Injector, verdict: Verdict) -> None:
    """Jitter, inversion, swap and miss, put into a noisy answer, are named right in at least 95 % of 500 draws each."""
    found = [spoiled_joint(inject, seed).verdict for seed in range(DRAWS)]
    assert found.count(verdict) / DRAWS >= NEEDED, {each: found.count(each) for each in set(found)}


def test_jitter_is_named_over_its_whole_band() -> None:
    """At the ends of the band the noise itself moves joints across the thresholds; what it leaves in is jitter.

    About one draw in twelve is moved out, to a place that is the same or another one by definition.
    """
    joints = [spoiled_joint(whole_band, seed) for seed in range(DRAWS // 2)]
    inside = [joint.verdict for joint in joints if SAME_SIMILARITY <= joint.similarity < GOOD_SIMILARITY]
    assert len(inside) > 0.85 * len(joints)
    assert inside.count(Verdict.JITTER) / len(inside) >= NEEDED


def test_noise_alone_is_mostly_good() -> None:
    """Without a fault at least 95 % of the joints of a noisy answer are good: the verdicts do not cry wolf."""
    rng = np.random.default_rng(0)
    verdicts = [
        joint.verdict
        for _ in range(30)
        for pair in compare_people(group(), [noisy(pose, rng) for pose in group()], PROFILE).pairs
        for joint in pair.joints
    ]
    assert verdicts.count(Verdict.GOOD) / len(verdicts) >= NEEDED
