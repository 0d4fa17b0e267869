// Line charts as SVG, made by hand: axes in round numbers, lines that differ by more than their colour, and words for those who do
// not see them.
const space = 'http://www.w3.org/2000/svg';

function shape(name, attributes, text) {
  const node = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
export const count = (value) => whole.format(value);
export const short = (value) => (Math.abs(value) >= 1e6 ? `${Number((value / 1e6).toFixed(1))}M` : Math.abs(value) >= 1e4 ? `${Number((value / 1e3).toFixed(1))}k` : count(value));
export const exact = (value) => (value === null || value === undefined ? '–' : Math.abs(value) >= 100 ? count(value) : value.toFixed(Math.abs(value) >= 10 ? 2 : 3));

// Round numbers between `low` and `high`, at most about `most`, and how many places they need.
function ticksOf(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough) * power;
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9) * step + 0; at <= high + step * 1e-9; at += step) ticks.push(at);
  return { ticks, places: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

// Means of neighbouring points, so that a line has at most `most` of them.
export function thinned(points, most) {
  if (points.length <= most) return points;
  const means = [];
  for (let at = 0; at < most; ++at) {
    const part = points.slice(Math.floor(at * points.length / most), Math.floor((at + 1) * points.length / most));
    means.push([part[part.length - 1][0], part.reduce((sum, point) => sum + point[1], 0) / part.length]);
  }
  return means;
}

// What to show of the values: all but the few that stand far above the rest, as a loss does in its first steps.
export function rangeOf(lines) {
  const values = lines.flatMap((line) => line.points.map((point) => point[1])).filter(Number.isFinite).sort((a, b) => a - b);
  if (!values.length) return null;
  const low = values[0];
  const usual = values[Math.floor(0.96 * (values.length - 1))];
  const high = values.length < 8 ? values[values.length - 1] : Math.min(values[values.length - 1], usual + 0.25 * (usual - low));
  const room = Math.max(0.05 * (high - low), 1e-3 * Math.abs(high), 1e-6);
  return { low: low - room, high: high + room };
}

let clips = 0;

// Draws `lines`, each { name, kind, points: [[x, y], ...] }, into `place`; their look is that of the class `kind`. `small` leaves
// room for little more than the lines.
export function drawChart(place, { lines, words, range = rangeOf(lines), height = 260, small = false, xLabel = '', yLabel = '', dots = false }) {
  const width = Math.floor(place.clientWidth);
  const known = lines.filter((line) => line.points.length > 0);
  if (!width || !known.length || !range) { place.replaceChildren(); return null; }
  const left = small ? 34 : 52;
  const right = 10;
  const top = small ? 6 : 10;
  const bottom = small ? 20 : 42;
  const lastX = Math.max(...known.map((line) => line.points[line.points.length - 1][0]), 1);
  const x = (value) => left + (width - left - right) * value / lastX;
  const y = (value) => top + (height - top - bottom) * (1 - (value - range.low) / (range.high - range.low));
  const chart = shape('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', class: 'chart' });
  chart.setAttribute('aria-label', words);
  const clip = `clip${++clips}`;
  const box = shape('clipPath', { id: clip });
  box.append(shape('rect', { x: left, y: 0, width: Math.max(0, width - left), height: height - bottom + 2 }));
  chart.append(box);
  const levels = ticksOf(range.low, range.high, small ? 2 : 5);
  for (const at of levels.ticks) {
    chart.append(shape('line', { class: 'grid-line', x1: left, x2: width - right, y1: y(at), y2: y(at) }));
    chart.append(shape('text', { x: left - 6, y: y(at) + 4, 'text-anchor': 'end' }, at.toFixed(levels.places)));
  }
  const steps = ticksOf(0, lastX, small ? 1 : Math.max(2, Math.floor(width / 130)));
  for (const at of small ? [0, lastX] : steps.ticks) {
    const anchor = x(at) > width - 40 ? 'end' : small && at === 0 ? 'start' : 'middle';
    chart.append(shape('text', { x: anchor === 'end' ? width - right : x(at), y: height - bottom + 16, 'text-anchor': anchor }, short(at)));
  }
  chart.append(shape('line', { class: 'axis', x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }));
  if (xLabel) chart.append(shape('text', { x: (left + width - right) / 2, y: height - 6, 'text-anchor': 'middle', class: 'axis-name' }, xLabel));
  if (yLabel) chart.append(shape('text', { transform: `translate(12 ${(top + height - bottom) / 2}) rotate(-90)`, 'text-anchor': 'middle', class: 'axis-name' }, yLabel));
  for (const line of known) {
    const path = line.points.map((point, at) => `${at ? 'L' : 'M'}${x(point[0]).toFixed(1)} ${y(point[1]).toFixed(1)}`).join('');
    chart.append(shape('path', { class: `line ${line.kind}`, d: path, 'clip-path': `url(#${clip})` }));
    const marked = dots && line.kind !== 'training' && line.points.length <= 40 ? line.points : line.points.length === 1 ? line.points : [];
    for (const point of marked) {
      if (point[1] <= range.high) chart.append(shape('circle', { class: `dot ${line.kind}`, cx: x(point[0]), cy: y(point[1]), r: 3 }));
    }
  }
  place.replaceChildren(chart);
  return { stepAt: (pixel) => Math.max(0, Math.min(lastX, (pixel - left) / (width - left - right) * lastX)) };
}

// A line of the size of a word.
export function drawSpark(place, points) {
  const width = 96;
  const height = 24;
  if (points.length < 2) { place.replaceChildren(); return; }
  const values = points.map((point) => point[1]);
  const high = Math.max(...values) * 1.05;
  const at = (value, index) => `${index ? 'L' : 'M'}${(2 + (width - 4) * index / (values.length - 1)).toFixed(1)} ${(height - 2 - (height - 4) * value / high).toFixed(1)}`;
  const chart = shape('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', class: 'spark' });
  chart.append(shape('path', { class: 'line', d: values.map(at).join('') }));
  place.replaceChildren(chart);
}
