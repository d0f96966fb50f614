import xml.etree.ElementTree as ET

from benchmarks.charts import HEIGHT, WIDTH, draw
from benchmarks.result import Chart, Series

SVG = "{http://www.w3.org/2000/svg}"


def chart(*series: Series) -> Chart:
    return Chart("time", "Time & people", "people", "seconds", series)


def test_that_every_point_stands_inside_the_picture() -> None:
    drawn = ET.fromstring(draw(chart(Series("a", ((1_000, 0.5), (100_000, 12.0))), Series("b", ((1_000, 0.2),)))))

    dots = [(float(dot.get("cx", "-1")), float(dot.get("cy", "-1"))) for dot in drawn.iter(f"{SVG}circle")]
    assert len(dots) == 3
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in dots)


def test_that_more_stands_higher_and_further_to_the_right() -> None:
    drawn = ET.fromstring(draw(chart(Series("a", ((1_000, 0.5), (100_000, 12.0))))))

    (first, last) = [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in drawn.iter(f"{SVG}circle")]
    assert last[0] > first[0]
    assert last[1] < first[1]


def test_that_one_size_alone_can_be_drawn() -> None:
    assert "<circle" in draw(chart(Series("a", ((1_000, 0.5),))))
