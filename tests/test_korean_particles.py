"""Korean particles in page texts: a particle that depends on the sound before it never follows a value.

"제보 2을" is as wrong as "제보 3를". Put a word between the value and the particle, or use a particle that does not
change with the sound.
"""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

FILES = (
    "datasette_plugin/desk_pages/words.toml", "datasette_plugin/public_pages/words.toml", "labels.toml",
    *(f"messages/{file.name}" for file in files("claimledger.messages").iterdir() if file.name.endswith(".toml")),
)  # fmt: skip
BY_SOUND = {
    "은": True, "는": False, "을": True, "를": False, "이": True, "가": False, "과": True, "와": False,
    "으로": True, "로": False, "이라는": True, "라는": False, "이라고": True, "라고": False, "이나": True, "나": False,
}  # fmt: skip
"""Each particle, with true if it follows a syllable that ends with a consonant."""
PARTICLE = f"({'|'.join(BY_SOUND)})(?![가-힣])"
AFTER_VALUE = re.compile(rf"\}}[’”]?{PARTICLE}")
AFTER_QUOTED = re.compile(rf"([가-힣])[’”]{PARTICLE}")
_RIEUL = 8
"""The number of the final consonant ㄹ, after which 로 is right."""


def wrong_particles(text: str) -> list[str]:
    """Return the particles that follow a value, and those that do not fit the quoted word before them."""
    quoted = AFTER_QUOTED.finditer(text)
    unfit = [one[0] for one in quoted if not fits(one[1], one[2])]
    return [one[0] for one in AFTER_VALUE.finditer(text)] + unfit


def fits(syllable: str, particle: str) -> bool:
    """Return whether a particle is right after a syllable.

    >>> fits("글", "로"), fits("책", "로"), fits("책", "이라는")
    (True, False, True)
    """
    final = (ord(syllable) - ord("가")) % 28
    return BY_SOUND[particle] is (final > 0 and not (final == _RIEUL and particle.endswith("로")))


@pytest.mark.parametrize("name", FILES)
def test_particle_fits_the_word_before_it(name: str) -> None:
    text = files("claimledger").joinpath(name).read_text(encoding="utf-8")
    assert wrong_particles(text) == []


@pytest.mark.parametrize(
    "text",
    ["제보 {number}을 닫는다", "‘{name}’은 둔다", "‘발언’를 고른다", "상태 {status}로 답했다.", "‘{words}’라는 말"],
)
def test_wrong_particle_is_found(text: str) -> None:
    assert wrong_particles(text)
