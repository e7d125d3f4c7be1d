"""What the fill puts where a body was."""

import numpy as np

from posedeck.engine.reshape.fill import filled

SIZE = 120


def ring() -> tuple[np.ndarray, np.ndarray]:
    """Unknown: an upright bar. Wanted: its outer eight pixels on both sides."""
    unknown = np.zeros((SIZE, SIZE), bool)
    unknown[:, 45:75] = True
    wanted = unknown.copy()
    wanted[:, 53:67] = False
    return unknown, wanted


def hidden(scene: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """The scene with something else in front of the unknown part."""
    shown = scene.copy()
    shown[unknown] = (200, 30, 160)
    return shown


def error(scene: np.ndarray) -> float:
    unknown, wanted = ring()
    result = filled(hidden(scene, unknown), unknown, wanted)
    return float(np.abs(result - scene)[wanted].mean())


def test_what_is_known_stays() -> None:
    scene = np.random.default_rng(1).integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
    unknown, wanted = ring()
    result = filled(hidden(scene, unknown), unknown, wanted)
    assert np.array_equal(result[~unknown], scene[~unknown].astype(np.float32))


def test_nothing_wanted_is_nothing_done() -> None:
    scene = np.full((SIZE, SIZE, 3), 77, np.uint8)
    assert np.array_equal(filled(scene, ring()[0], np.zeros((SIZE, SIZE), bool)), scene.astype(np.float32))


def test_a_wall_is_gone_on_with() -> None:
    assert error(np.full((SIZE, SIZE, 3), (180, 170, 150), np.uint8)) < 0.5


def test_the_edge_of_a_floor_goes_on_behind_the_body() -> None:
    scene = np.full((SIZE, SIZE, 3), 200, np.uint8)
    scene[60:] = 80
    # Half of the wanted pixels would be grey if the edge were smeared.
    assert error(scene) < 6.0


def test_an_oblique_edge_goes_on_behind_the_body() -> None:
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    scene = np.where((y - 30 > 0.5 * x)[..., None], 70, 190).astype(np.uint8).repeat(3, axis=2)
    assert error(scene) < 12.0


def test_grass_stays_grainy() -> None:
    scene = np.random.default_rng(2).normal(120.0, 20.0, (SIZE, SIZE, 3)).clip(0, 255).astype(np.uint8)
    unknown, wanted = ring()
    result = filled(hidden(scene, unknown), unknown, wanted)
    assert result[wanted].std() > 0.5 * scene[wanted].std()


def test_a_large_picture_is_filled_as_well() -> None:
    scene = np.full((1600, SIZE, 3), 200, np.uint8)
    scene[800:] = 80
    unknown = np.zeros(scene.shape[:2], bool)
    unknown[700:900, 40:80] = True
    wanted = unknown.copy()
    wanted[:, 48:72] = False
    result = filled(hidden(scene, unknown), unknown, wanted)
    assert np.abs(result - scene)[wanted].mean() < 6.0
    assert np.array_equal(result[~unknown], scene[~unknown].astype(np.float32))


def test_nothing_of_the_body_is_taken() -> None:
    scene = np.full((SIZE, SIZE, 3), (20, 200, 40), np.uint8)
    unknown, wanted = ring()
    result = filled(hidden(scene, unknown), unknown, wanted)
    assert (result[wanted][:, 1] > 190.0).all()


def test_all_unknown_is_survived() -> None:
    everything = np.ones((SIZE, SIZE), bool)
    assert np.isfinite(filled(np.zeros((SIZE, SIZE, 3), np.uint8), everything, everything)).all()
