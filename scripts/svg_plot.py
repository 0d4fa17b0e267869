"""Plots as SVG files with nothing but Python, for scripts/plots and scripts/bench-plots: axes, marks, lines, interval bars, a legend below.

Colours follow light and dark, and series differ in the shape of their marks too. The same figures give the same bytes.
"""
import html, math

STYLE = """svg{--paper:#fff;--edge:#d1d9e0;--ink:#1f2328;--soft:#59636e;--c0:#0b7a57;--c1:#c77700;--c2:#3b5fae;--c3:#b02a56;--c4:#6f4fb0;--c5:#59636e;--c6:#6a8f16;--c7:#1f2328}
@media(prefers-color-scheme:dark){svg{--paper:#0d1117;--edge:#3d444d;--ink:#f0f6fc;--soft:#9198a1;--c0:#3fb98f;--c1:#e9a23b;--c2:#7ea2f0;--c3:#f0719a;--c4:#b194f0;--c5:#9198a1;--c6:#a8cf4f;--c7:#f0f6fc}}
text{font:12px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,"DejaVu Sans",sans-serif;fill:var(--ink)}
.paper{fill:var(--paper);stroke:var(--edge)}.grid{stroke:var(--edge);stroke-width:.7}.frame{fill:none;stroke:var(--soft)}.m{text-anchor:middle}.e{text-anchor:end}.small{font-size:10.5px}
""" + "".join(f".c{n}{{stroke:var(--c{n})}}.f{n}{{fill:var(--c{n})}}" for n in range(8))
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 16, 46  # of a panel, around its frame; pixels
SHAPES = ["M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M-3.6-3.6h7.2v7.2h-7.2z", "M0-4.8L4.6 3.6H-4.6z", "M0 4.8L4.6-3.6H-4.6z", "M0-5L5 0L0 5L-5 0z",
          "M-1.4-4.6h2.8v3.2h3.2v2.8h-3.2v3.2h-2.8v-3.2h-3.2v-2.8h3.2z", "M0-5.5L1.5-1.7L5.3-1.7L2.3.8L3.4 4.6L0 2.3L-3.4 4.6L-2.3.8L-5.3-1.7L-1.5-1.7z",
          "M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5"]


def shown(number):
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


class Axis:
    """Numbers -> pixels. `scale` makes equal what should be equally long: the number itself, math.log, ..."""

    def __init__(self, low, high, ticks, label, scale=lambda number: number, text=shown):
        self.low, self.high, self.ticks, self.label, self.scale, self.text = low, high, ticks, label, scale, text

    def pixel(self, number, start, end):
        return start + (self.scale(number) - self.scale(self.low)) / (self.scale(self.high) - self.scale(self.low)) * (end - start)


class Panel:
    """One pair of axes. Its frame is `width` x `height` pixels at (x, y) of the figure, which sets them."""

    def __init__(self, x_axis, y_axis, title=""):
        self.x_axis, self.y_axis, self.title, self.drawn, self.place = x_axis, y_axis, title, [], None

    def at(self, x, y):
        left, top, width, height = self.place
        return self.x_axis.pixel(x, left, left + width), self.y_axis.pixel(y, top + height, top)

    def line(self, points, colour, dash="", width=2, opacity=1):
        def svg():
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*point) for point in points))
            return f'<path class="c{colour}" fill="none" stroke-width="{width}" stroke-dasharray="{dash}" opacity="{opacity}" d="M{path}"/>'
        self.drawn.append(svg)

    def mark(self, x, y, colour, shape=0, hollow=False, label="", low_x=None, high_x=None, low_y=None, high_y=None):
        """A mark, with intervals along x and y where they are given and a label beside it."""
        def svg():
            across, down = self.at(x, y)
            bars = ""
            if low_y is not None:
                bars += f"M{across:.1f} {self.at(x, low_y)[1]:.1f}V{self.at(x, high_y)[1]:.1f}"
            if low_x is not None:
                bars += f"M{self.at(low_x, y)[0]:.1f} {down:.1f}H{self.at(high_x, y)[0]:.1f}"
            bars = f'<path class="c{colour}" d="{bars}"/>' if bars else ""
            text = f'<text class="small f{colour}" x="{across + 6:.1f}" y="{down + 13:.1f}">{html.escape(label)}</text>' if label else ""
            return bars + draw_mark(across, down, colour, shape, hollow) + text
        self.drawn.append(svg)

    def rule(self, x=None, y=None):
        """A dotted line through the whole panel."""
        def svg():
            left, top, width, height = self.place
            across, down = self.at(self.x_axis.low if x is None else x, self.y_axis.low if y is None else y)
            path = f"M{left} {down:.1f}h{width}" if x is None else f"M{across:.1f} {top}v{height}"
            return f'<path class="c7" stroke-width="1.5" stroke-dasharray="2 4" d="{path}"/>'
        self.drawn.append(svg)

    def draw(self):
        left, top, width, height = self.place
        svg = ""
        for tick in self.x_axis.ticks:
            x = self.x_axis.pixel(tick, left, left + width)
            svg += f'<path class="grid" d="M{x:.1f} {top}v{height}"/><text class="m" x="{x:.1f}" y="{top + height + 17}">{self.x_axis.text(tick)}</text>'
        for tick in self.y_axis.ticks:
            y = self.y_axis.pixel(tick, top + height, top)
            svg += f'<path class="grid" d="M{left} {y:.1f}h{width}"/><text class="e" x="{left - 7}" y="{y + 4:.1f}">{self.y_axis.text(tick)}</text>'
        svg += (f'<rect class="frame" x="{left}" y="{top}" width="{width}" height="{height}"/>'
                f'<text class="m" x="{left + width / 2:g}" y="{top + height + 36}">{html.escape(self.x_axis.label)}</text>')
        if self.y_axis.label:
            svg += f'<text class="m" transform="translate({left - 44:g} {top + height / 2:g})rotate(-90)">{html.escape(self.y_axis.label)}</text>'
        if self.title:
            svg += f'<text class="m" x="{left + width / 2:g}" y="{top - 7}">{html.escape(self.title)}</text>'
        return svg + "\n" + "\n".join(svg() for svg in self.drawn)


def draw_mark(x, y, colour, shape=0, hollow=False):
    fill = 'fill="none" ' if hollow or shape == 7 else ""
    kind = f"c{colour}" if fill else f"c{colour} f{colour}"
    return f'<path class="{kind}" {fill}stroke-width="{2.2 if shape == 7 else 1.3}" transform="translate({x:.1f} {y:.1f})" d="{SHAPES[shape]}"/>'


def write(path, width, height, body, label):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(label)}">\n'
                    f'<style>{STYLE}</style>\n<rect class="paper" fill="#fff" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"/>\n{body}\n</svg>\n')
    print(path)


def draw_figure(path, panels, legend, label, width=720, height=360):
    """Panels side by side above a legend of (colour, shape, hollow, name); shape None is a line, "2 4" a line of such dashes."""
    frame = (width - len(panels) * (LEFT + RIGHT)) / len(panels)
    body = ""
    for index, panel in enumerate(panels):
        panel.place = (LEFT + index * (frame + LEFT + RIGHT), TOP + (14 if panel.title else 0), frame, height - TOP - BOTTOM - (14 if panel.title else 0))
        body += panel.draw() + "\n"
    x, y = LEFT, height + 14
    for colour, shape, hollow, name in legend:
        needed = 30 + 6.9 * len(name)
        if x + needed > width:
            x, y = LEFT, y + 20
        if isinstance(shape, int):
            body += draw_mark(x + 6, y - 4, colour, shape, hollow)
        else:
            body += f'<path class="c{colour}" stroke-width="2" stroke-dasharray="{shape or ""}" d="M{x - 4} {y - 4}h18"/>'
        body += f'<text x="{x + 20:g}" y="{y}">{html.escape(name)}</text>\n'
        x += needed
    write(path, width, y + 14 if legend else height, body, label)
