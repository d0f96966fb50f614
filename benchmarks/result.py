"""What a measurement found: the lines of the table, and the points of the charts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `met` is None where there is no target, or nothing to compare with."""

    number: str
    what: str
    target: str
    measured: str
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the target is met, in a word."""
        return {True: "yes", False: "**no**", None: "–"}[self.met]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: its name and its points."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the document, drawn from what was measured in this run."""

    key: str
    title: str
    across: str
    up: str
    series: tuple[Series, ...]


@dataclass(slots=True)
class Findings:
    """Everything that one part of the benchmark found."""

    lines: list[Line] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)

    def add(self, number: str, what: str, target: str, measured: str, met: bool | None = None) -> None:
        """Add a line, and print it at once: the whole takes a while."""
        line = Line(number, what, target, measured, met)
        self.lines.append(line)
        print(f"  {number:>3}  {what}: {measured}  (target {target}, met: {line.verdict.strip('*')})", flush=True)


def at_most(value: float, limit: float) -> bool:
    """Whether a ratio keeps its target, as it is printed: two places."""
    return round(value, 2) <= limit
