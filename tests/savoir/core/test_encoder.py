"""The process's encoder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from savoir.core.encoder import encoder


def test_vectors_are_of_unit_length_and_in_the_order_of_the_texts() -> None:
    vectors = encoder().encode(["bonjour", "my phone is broken", "bonjour"])
    assert vectors.shape == (3, encoder().dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-3)
    assert np.array_equal(vectors[0], vectors[2])
    assert encoder().encode([]).shape == (0, encoder().dimension)


def test_french_and_english_that_mean_the_same_are_close() -> None:
    french, english, other = encoder().encode(["mon téléphone ne s'allume plus", "my phone does not turn on", "une tarte aux pommes"])
    assert french @ english > 0.6 > french @ other + 0.2


def test_there_is_one_a_process_whatever_the_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        several = list(pool.map(lambda n: encoder().encode([f"texte {n % 3}"])[0], range(12)))
    assert all(np.array_equal(several[n], several[n % 3]) for n in range(12))
    assert encoder() is encoder()


@pytest.mark.parametrize("text", ["", "   ", "\x00", "🙂", "x" * 20_000])
def test_any_text_has_a_vector(text: str) -> None:
    assert np.isfinite(encoder().encode([text])).all()
