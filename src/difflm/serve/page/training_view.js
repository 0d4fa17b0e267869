// What the view of a training shows: how far it is, its curves, what it writes, and pages about it.
import { count, drawChart, drawSpark, exact, rangeOf, thinned } from './charts.js';
import { levels } from './training_log.js';

const $ = (id) => document.getElementById(id);
const mostRows = 24;     // of the table
const mostSamples = 40;  // steps
const bounds = ['0', '⅛', '¼', '⅜', '½', '⅝', '¾', '⅞', '1'];  // of the noise levels

const frame = `
  <nav aria-label="Runs"><ul class="runs" hidden></ul></nav>
  <section class="sheet" aria-labelledby="training-title">
    <div class="training-head"><h2><span id="training-title"></span><span id="training-badge" class="badge"></span></h2><p id="training-state">Asking the server …</p></div>
    <progress id="training-share" max="1" aria-label="Share of the budget that is spent"></progress>
    <dl class="facts">
      <div><dt>Step</dt><dd id="fact-step"></dd></div>
      <div><dt id="fact-time-name">Time left</dt><dd id="fact-time"></dd></div>
      <div><dt>Tokens a second</dt><dd><span id="fact-speed"></span><span id="fact-spark"></span></dd></div>
      <div><dt>Best validation</dt><dd id="fact-best"></dd></div>
      <div><dt>Learning rate</dt><dd id="fact-rate"></dd></div>
    </dl>
  </section>
  <p id="training-empty" class="empty" hidden></p>
  <div class="columns" id="training-curves" hidden>
    <section class="sheet" aria-labelledby="loss-title">
      <h3 id="loss-title">Loss</h3><ul class="legend-line" id="loss-legend"></ul><div id="loss-chart"></div><p class="readout" id="loss-readout"></p>
    </section>
    <section class="sheet samples" aria-labelledby="samples-title"><h3 id="samples-title">What it writes</h3><ol id="training-samples" tabindex="0" aria-labelledby="samples-title"></ol></section>
  </div>
  <section class="sheet" id="training-levels" aria-labelledby="levels-title" hidden>
    <h3 id="levels-title">Cross-entropy by noise level <span class="hint">nats per token; the noisier the text, the harder the guess</span></h3>
    <ul class="legend-line" id="levels-legend"></ul><div class="levels" id="levels-charts"></div>
  </section>
  <details class="sheet" id="training-numbers" hidden><summary>The same in numbers</summary><div class="numbers" id="numbers" tabindex="0" role="region" aria-label="Validations in numbers"></div></details>
  <section class="sheet" id="training-reports" aria-labelledby="reports-title" hidden><h3 id="reports-title">Reports</h3><ul class="reports" id="reports"></ul></section>`;

function duration(seconds) {
  const total = Math.round(seconds);
  if (total >= 3600) return `${Math.floor(total / 3600)} h ${String(Math.floor(total / 60) % 60).padStart(2, '0')} min`;
  if (total >= 60 && total % 60 === 0) return `${total / 60} min`;
  if (total >= 60) return `${Math.floor(total / 60)} min ${String(total % 60).padStart(2, '0')} s`;
  return `${total} s`;
}

const percent = (share) => `${Math.floor(100 * share)}%`;
const last = (points) => (points.length ? exact(points[points.length - 1][1]) : '–');
const mark = (kind) => `<svg width="26" height="8" aria-hidden="true"><path class="line ${kind}" d="M1 4H25"/></svg>`;

function fillLegend(place, entries) {
  place.replaceChildren(...entries.map(([kind, words]) => {
    const item = document.createElement('li');
    item.innerHTML = mark(kind);
    item.append(words);
    return item;
  }));
}

function fact(id, words, more = '') {
  const small = document.createElement('small');
  small.textContent = more && ` ${more}`;
  $(id).replaceChildren(words, small);
}

export class TrainingView {
  // Shows the run `name`, whose lines are in `log`.
  constructor(place, name, log) {
    this.name = name;
    this.log = log;
    this.state = null;  // the last answer about it
    this.lost = false;  // the last question had none
    this.lossChart = null;
    this.place = place;
    place.innerHTML = frame;
    place.classList.add('unknown');
    $('training-title').textContent = name;
    $('training-numbers').addEventListener('toggle', () => this.drawNumbers());
    $('loss-chart').addEventListener('pointermove', (event) => this.readOut(event.offsetX));
    $('loss-chart').addEventListener('pointerleave', () => { $('loss-readout').textContent = ''; });
  }

  // How it stands, in a sentence.
  words() {
    const { state } = this;
    const step = state.steps ? `step ${count(state.step)} of ${count(state.steps)}` : `step ${count(state.step)}`;
    if (this.lost && state.ends_with_server) return 'Its server has gone: it has ended, or was stopped. This is what was seen last.';
    if (this.lost) return 'The server cannot be reached. This is what was seen last.';
    if (state.state === 'finished') return `Training has ended after ${count(state.step)} steps and ${duration(state.seconds)}.`;
    if (state.state === 'stopped') return state.step ? `Nobody trains it now. It stopped at ${step}; the same command goes on.` : 'Nobody trains it now.';
    if (!state.step) return 'Getting ready: the texts are read, the model is built.';
    return `${percent(state.share)} done`;
  }

  // There is no such run, or nothing is known of it yet.
  showProblem(words) {
    $('training-state').textContent = '';
    $('training-empty').hidden = false;
    $('training-empty').textContent = words;
  }

  draw() {
    const { state, log } = this;
    if (!state) return;
    this.place.classList.remove('unknown');
    this.drawState();
    const begun = log.training.length + log.validations.length > 0;
    $('training-empty').hidden = begun;
    $('training-empty').textContent = state.state === 'running' ? 'The curves begin with the first step.' : 'This run has no metrics.jsonl: there is nothing to draw.';
    $('training-curves').hidden = !begun;
    if (begun) { this.drawLoss(); this.drawSamples(); }
    this.drawLevels();
    this.drawNumbers();
    this.drawReports();
  }

  drawState() {
    const { state, log, lost } = this;
    const words = this.words();
    $('training-badge').textContent = lost ? 'disconnected' : { running: 'in training', stopped: 'stopped', finished: 'finished' }[state.state];
    $('training-badge').className = `badge ${lost ? 'lost' : state.state}`;
    $('training-state').textContent = words;
    const bar = $('training-share');
    if (state.state === 'running' && !state.step) bar.removeAttribute('value'); else bar.value = state.state === 'finished' ? 1 : state.share;
    bar.setAttribute('aria-valuetext', words);
    fact('fact-step', count(state.step), state.steps ? `of ${count(state.steps)}` : '');
    const goesOn = state.seconds_left !== null && !lost;
    $('fact-time-name').textContent = goesOn ? 'Time left' : 'Trained for';
    fact('fact-time', goesOn ? duration(state.seconds_left) : state.seconds ? duration(state.seconds) : '–', state.minutes ? `of ${duration(60 * state.minutes)}` : '');
    fact('fact-speed', state.tokens_per_second === null ? '–' : count(state.tokens_per_second));
    drawSpark($('fact-spark'), thinned(log.speed, 48));
    const best = log.best();
    fact('fact-best', best ? exact(best.loss) : '–', best ? `step ${count(best.step)}` : '');
    fact('fact-rate', log.rate === null ? '–' : Number(log.rate.toPrecision(2)).toString());
    document.title = `${state.state === 'running' && !lost ? `${percent(state.share)} ` : ''}${this.name} – difflm`;
  }

  drawLoss() {
    const training = thinned(this.log.training, 240);
    const validation = this.log.validations.map((one) => [one.step, one.loss]);
    const words = `Loss by step, up to step ${count(this.state.step)}: in training ${last(training)}, in validation ${last(validation)}.`;
    const lines = [{ kind: 'training', points: training }, { kind: 'validation', points: validation }];
    this.lossChart = drawChart($('loss-chart'), { lines, words, xLabel: 'step', yLabel: 'loss', dots: true });
    fillLegend($('loss-legend'), [['training', `training ${last(training)}`], ['validation', `validation ${last(validation)}`]]);
  }

  // Under the pointer; the table has the same for those who use none.
  readOut(pixel) {
    if (!this.lossChart) return;
    const step = this.lossChart.stepAt(pixel);
    const near = (points, name) => {
      const found = points.reduce((best, point) => (!best || Math.abs(point[0] - step) < Math.abs(best[0] - step) ? point : best), null);
      return found ? [`step ${count(found[0])}: ${name} ${exact(found[1])}`] : [];
    };
    const validation = this.log.validations.map((one) => [one.step, one.loss]);
    $('loss-readout').textContent = [...near(this.log.training, 'training'), ...near(validation, 'validation')].join('; ');
  }

  drawLevels() {
    const known = this.log.has('model');
    $('training-levels').hidden = !known;
    if (!known) return;
    const place = $('levels-charts');
    while (place.children.length < levels) {
      const figure = document.createElement('figure');
      figure.innerHTML = '<figcaption><span></span><b></b></figcaption><div></div>';
      place.append(figure);
    }
    fillLegend($('levels-legend'), [['validation', 'the model'], ['alone', 'each token seen alone, without its context']]);
    const lines = Array.from({ length: levels }, (_, at) => [
      { kind: 'alone', points: this.log.level('alone', at) },
      { kind: 'validation', points: this.log.level('model', at) },
    ]);
    const range = rangeOf(lines.flat());
    range.low = Math.min(0, range.low);
    lines.forEach((pair, at) => {
      const [caption, chart] = place.children[at].children;
      const [alone, model] = pair.map((line) => last(line.points));
      caption.children[0].textContent = `noise ${bounds[at]} – ${bounds[at + 1]}`;
      caption.children[1].textContent = model;
      const words = `Cross-entropy at noise ${bounds[at]} to ${bounds[at + 1]}: ${model} nats per token, ${alone} for each token seen alone.`;
      drawChart(chart, { lines: pair, words, range, height: 110, small: true });
    });
  }

  drawNumbers() {
    const all = this.log.validations;
    $('training-numbers').hidden = all.length === 0;
    if (!all.length || !$('training-numbers').open) return;
    const every = Math.max(1, Math.ceil(all.length / mostRows));
    const rows = all.filter((_, at) => (all.length - 1 - at) % every === 0).reverse();
    const known = this.log.has('model');
    const heads = ['step', 'training', 'validation', ...(known ? bounds.slice(0, levels).map((low, at) => `noise ${low}–${bounds[at + 1]}`) : [])];
    const table = document.createElement('table');
    table.innerHTML = '<caption></caption><thead><tr></tr></thead><tbody></tbody>';
    table.caption.textContent = `Loss in training and validation${known ? ', and cross-entropy by noise level in nats per token (each token seen alone in brackets)' : ''}. The newest first.`;
    const cell = (row, words, head) => {
      const node = document.createElement(head ? 'th' : 'td');
      if (head) node.scope = head;
      node.textContent = words;
      row.append(node);
    };
    for (const head of heads) cell(table.tHead.rows[0], head, 'col');
    for (const one of rows) {
      const row = table.tBodies[0].insertRow();
      const near = this.log.training.findLast((point) => point[0] <= one.step);
      cell(row, count(one.step), 'row');
      cell(row, exact(near && near[1]));
      cell(row, exact(one.loss));
      if (known) one.model.forEach((value, at) => cell(row, value === null ? '–' : `${exact(value)} (${exact(one.alone[at])})`));
    }
    $('numbers').replaceChildren(table);
  }

  drawSamples() {
    const place = $('training-samples');
    const steps = [...this.log.samples.keys()].sort((a, b) => b - a).slice(0, mostSamples);
    if (place.dataset.steps === steps.join() && steps.length) return;
    place.dataset.steps = steps.join();
    const items = steps.map((step) => {
      const item = document.createElement('li');
      item.innerHTML = '<h4></h4>';
      item.firstChild.textContent = `step ${count(step)}`;
      for (const text of this.log.samples.get(step)) {
        const line = document.createElement('p');
        line.textContent = text;
        item.append(line);
      }
      return item;
    });
    if (!items.length) {
      const none = document.createElement('li');
      none.className = 'small';
      none.textContent = this.state.state === 'running' ? 'No samples yet; train.sample_every says how often they come.' : 'This run has left no samples.';
      items.push(none);
    }
    place.replaceChildren(...items);
  }

  drawReports() {
    const { reports } = this.state;
    $('training-reports').hidden = reports.length === 0;
    if ($('reports').dataset.known === JSON.stringify(reports)) return;
    $('reports').dataset.known = JSON.stringify(reports);
    $('reports').replaceChildren(...reports.map(({ title, href }) => {
      const item = document.createElement('li');
      const anchor = document.createElement('a');
      Object.assign(anchor, { href, target: '_blank', rel: 'noopener', textContent: title });
      item.append(anchor);
      return item;
    }));
  }
}
