"""Text and edges can be seen: WCAG 2.2 on every surface, in both looks and in high contrast."""

import itertools

import pytest

from saasdesk.ui.theme.tokens import load_tokens

SURFACES = ("bg", "surface", "raised", "selection", "hover", "pressed", "neutral-tint")
TEXT = [
    *itertools.product(("text", "muted", "accent", "ok", "warn", "error", "demo"), SURFACES),
    *((token, f"{token}-tint") for token in ("ok", "warn", "error", "accent")),
    *(("text", f"{token}-tint") for token in ("ok", "warn", "error", "accent")),
    *(("muted", f"{token}-tint") for token in ("ok", "warn", "error", "accent")),
    *(("text", f"tint-{number}") for number in range(1, 7)),
    *(("on-accent", fill) for fill in ("accent", "accent-hover", "accent-pressed")),
    *(("on-danger", fill) for fill in ("danger", "danger-hover", "danger-pressed")),
    ("on-danger-disabled", "danger-disabled"),
    ("on-tooltip", "tooltip"),
]
GRAPHICS = [
    *itertools.product(("border", "accent", "ok", "warn", "error"), ("bg", "surface", "raised", "selection")),
    *itertools.product(("disabled",), ("bg", "surface", "raised", "neutral-tint")),
    *itertools.product(("scroll",), ("bg", "surface", "raised")),
    *itertools.product(("accent", "ok", "warn"), ("track",)),
]
LOOKS = [
    pytest.param(dark, high, id=f"{'dark' if dark else 'light'}{' high contrast' if high else ''}")
    for dark, high in itertools.product((False, True), (False, True))
]


def luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(pairs: list[tuple[str, str]], least: float, *, dark: bool, high_contrast: bool) -> list[str]:
    colors = load_tokens().colors(dark=dark, high_contrast=high_contrast)
    found = []
    for front, back in pairs:
        ratio = contrast(colors[front], colors[back])
        if ratio < least:
            found.append(f"{front} on {back}: {ratio:.2f}")
    return found


@pytest.mark.parametrize(("dark", "high_contrast"), LOOKS)
def test_that_text_has_four_and_a_half_to_one(dark: bool, high_contrast: bool) -> None:
    assert too_weak(TEXT, 4.5, dark=dark, high_contrast=high_contrast) == []


@pytest.mark.parametrize(("dark", "high_contrast"), LOOKS)
def test_that_edges_icons_and_focus_have_three_to_one(dark: bool, high_contrast: bool) -> None:
    assert too_weak(GRAPHICS, 3.0, dark=dark, high_contrast=high_contrast) == []


def test_that_the_measure_of_contrast_is_the_known_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
