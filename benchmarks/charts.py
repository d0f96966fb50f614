"""Charts as plain SVG text: both axes logarithmic, because companies grow in multiples."""

import math
from html import escape

from benchmarks.result import Chart, Series

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 50, 50
COLOURS = ("#2f6fde", "#d9822b", "#3a9d5d", "#8a8f98", "#b9bec6")


def draw(chart: Chart) -> str:
    """The chart as an SVG document."""
    points = [point for series in chart.series for point in series.points]
    across = _Axis([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _Axis([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12" fill="#444">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="26" font-size="16" fill="#222">{escape(chart.title)}</text>',
    ]
    for value in across.marks():
        x = across.place(value)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#e6e8eb"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_number(value)}</text>')
    for value in up.marks():
        y = up.place(value)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#e6e8eb"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(value)}</text>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 12}" text-anchor="end">{escape(chart.across)}</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP - 8}" text-anchor="end">{escape(chart.up)}</text>')
    for number, series in enumerate(chart.series):
        parts += _line(series, number, across, up)
    return "\n".join([*parts, "</svg>", ""])


def _line(series: Series, number: int, across: "_Axis", up: "_Axis") -> list[str]:
    colour = COLOURS[number % len(COLOURS)]
    places = [(across.place(x), up.place(y)) for x, y in series.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
    y = TOP + 8 + number * 20
    x = WIDTH - RIGHT + 18
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f'<line x1="{x}" y1="{y}" x2="{x + 18}" y2="{y}" stroke="{colour}" stroke-width="3"/>',
        f'<text x="{x + 24}" y="{y + 4}">{escape(series.name)}</text>',
    ]


class _Axis:
    """Values onto places, in equal steps for equal multiples."""

    def __init__(self, values: list[float], start: float, end: float) -> None:
        self._least, self._most = min(values), max(values)
        if self._least == self._most:
            self._least, self._most = self._least / 2, self._most * 2
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        """Where a value stands."""
        share = math.log(value / self._least) / math.log(self._most / self._least)
        return self._start + share * (self._end - self._start)

    def marks(self) -> list[float]:
        """Round numbers within the axis."""
        tens = range(math.floor(math.log10(self._least)), math.ceil(math.log10(self._most)) + 1)
        wide = self._most / self._least > 30
        rounds = [factor * 10.0**ten for ten in tens for factor in ((1, 3) if wide else (1, 2, 3, 5, 7))]
        return [value for value in rounds if self._least <= value * 1.0001 and value * 0.9999 <= self._most]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
