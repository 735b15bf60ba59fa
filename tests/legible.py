"""Whether a figure can be read: every word on the page, no two pieces of text on each other."""

from __future__ import annotations

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


def written(figure: Figure) -> list[Text]:
    """Every piece of text that can be seen."""
    return [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


def assert_legible(figure: Figure) -> None:
    """Fail at a word that is cut off or covered."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    page = figure.bbox
    boxes = []
    for text in written(figure):
        box = text.get_window_extent(canvas.get_renderer())
        sides = [box.x0 - page.x0, page.x1 - box.x1, box.y0 - page.y0, page.y1 - box.y1]
        assert min(sides) >= 0, text.get_text()
        boxes.append((text.get_text(), box.padded(-2)))
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        assert not (a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1), (one, two)
