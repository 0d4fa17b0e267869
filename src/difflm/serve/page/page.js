// The page: asks the server for texts, follows their steps, and lets one lock, replace and think over words on the way.
import { Pane } from './pane.js';
import { stepName } from './player.js';
import { ask, key, lost } from './server.js';
import { commandOf, curlOf, cppOf, exportPage } from './share.js';
import { hideReasons, openCard, showReasons } from './word_card.js';

const $ = (id) => document.getElementById(id);

let properties = null;
let wishes = [];
let panes = [];       // one per model
let position = 0;     // in the frames of the longest pane
let playing = null;   // a timer
let history = [];     // starts that "Back" returns to
let following = true; // the newest step is shown

// ---- The connection

lost.report = connectionLost;

// The key of a server that wants one, typed once per session.
let typing = null;
key.ask = () => {
  typing ||= new Promise((resolve) => {
    $('key-card').addEventListener('close', () => { typing = null; resolve($('key').value); }, { once: true });
    $('key').value = '';
    $('key-card').showModal();
  });
  return typing;
};

function say(text) { $('announce').textContent = text; }

function showProblem(text) {
  $('problem').textContent = text;
  $('problem').hidden = !text;
}

let checking = null;
function connectionLost() {
  $('connection').textContent = 'The server cannot be reached. Trying again …';
  $('connection').className = 'lost';
  if (!checking) checking = setInterval(checkConnection, 1500);
}

async function checkConnection() {
  try {
    const reply = await fetch('health');
    if (!reply.ok) { $('connection').textContent = `${(await reply.json()).error.message} …`; return; }
    clearInterval(checking);
    checking = null;
    $('connection').textContent = '';
    $('connection').className = '';
    if (!properties) await begin(); else for (const pane of panes) pane.resume();
  } catch { /* it will be tried again */ }
}

const active = { pane: null, index: 0 };

// What a pane may ask and tell.
const page = {
  place: $('panes'),
  active,
  get position() { return position; },
  begun: () => remember(),
  changed: () => drawSoon(),
  ended() {
    $('stop').hidden = !panes.some((pane) => pane.state === 'running');
    $('write').hidden = !$('stop').hidden;
  },
  problem: showProblem,
  finished: (text) => say(`Finished: ${text}`),
  clicked: wordClicked,
  // Only a diffusion model's words are pulled at; another follows what it is told from the start.
  wishesPull: (model) => properties.models.find((one) => one.id === model)?.kind === 'diffusion',
  hovered: showReasons,
  left: hideReasons,
};

function lastPosition() { return Math.max(0, ...panes.map((pane) => pane.frames.frames.length - 1)); }

function draw() {
  for (const pane of panes) pane.draw();
  const last = lastPosition();
  $('timeline').hidden = last === 0;
  $('scrub').max = last;
  $('scrub').value = position;
  const longest = panes.reduce((a, b) => (b.frames.frames.length > a.frames.frames.length ? b : a), panes[0]);
  const frame = longest && longest.frames.at(position);
  $('where').textContent = frame ? stepName(frame) : '';
  $('scrub').setAttribute('aria-valuetext', $('where').textContent);
  const finished = panes.length > 0 && panes.every((pane) => pane.frames.end);
  $('share').hidden = !finished;
  drawTools();
}

// Steps may come faster than a screen shows them.
let waiting = false;
function drawSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    if (following) position = lastPosition();
    draw();
  });
}

// ---- Writing

function number(id) { return $(id).value === '' ? undefined : Number($(id).value); }

function settingsOf() {
  const settings = [];
  for (const field of $('sampling').querySelectorAll('[data-key]')) if (field.value !== '') settings.push(`${field.dataset.key}=${field.value}`);
  return settings;
}

function requestOf() {
  const body = { candidates: number('candidates') || 1, seed: number('seed'), steps: number('steps'), temperature: number('temperature') };
  if (settingsOf().length) body.settings = settingsOf();
  if ($('pattern').value.trim()) body.infill = $('pattern').value;
  if (wishes.length) body.wishes = wishes;
  return body;
}

async function write(change = {}, models = null) {
  showProblem('');
  for (const pane of panes) pane.stop();
  const names = models || [$('model').value, $('beside').value].filter((name, at, all) => name && all.indexOf(name) === at);
  $('panes').replaceChildren();
  panes = names.map((name) => new Pane(name, page));
  position = 0;
  following = true;
  active.pane = null;
  pause();
  $('write').hidden = true;
  $('stop').hidden = false;
  const body = { ...requestOf(), ...change };
  await Promise.all(panes.map(async (pane) => {
    try {
      await pane.write(body);
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      showProblem(problem.message);
      pane.finish('failed', 'not begun');
    }
  }));
}

// The finished words of the active text, some of them replaced, as what to begin with; `open`: places that are thought over.
function startFrom(pane, index, open, noise, replaced = new Map()) {
  const words = pane.words(index).words;
  const tokens = [];
  const kept = [];
  const locked = new Set();
  words.forEach((word, at) => {
    for (const token of replaced.get(at) || [word.token]) {
      if (pane.locked.has(at) || replaced.has(at)) locked.add(tokens.length);
      tokens.push(token);
      kept.push(open.has(at) && !pane.locked.has(at) && !replaced.has(at) ? 0 : 1);
    }
  });
  return { start: { tokens, kept, noise }, locked };
}

async function rethink(pane, index, open, noise, replaced) {
  if (![...open].some((at) => !pane.locked.has(at))) { showProblem('All these words are locked.'); return; }
  history.push({ model: pane.model, text: pane.words(index), locked: new Set(pane.locked) });
  $('back').disabled = false;
  const { start, locked } = startFrom(pane, index, open, noise, replaced);
  const body = { start, infill: undefined, seed: undefined };
  const writing = write(body, [pane.model]);
  panes[0].locked = locked;
  await writing;
}

// ---- Words

function wordClicked(pane, index, place, event) {
  if (active.pane !== pane || active.index !== index) {
    if (active.pane) active.pane.chosen.clear();
    active.pane = pane;
    active.index = index;
  }
  if (event.shiftKey || pane.chosen.size > 0) {
    if (pane.chosen.has(place)) pane.chosen.delete(place); else pane.chosen.add(place);
    draw();
    return;
  }
  openCard(pane, index, place, { replace, chosen: cardChosen });
}

function drawTools() {
  const pane = active.pane;
  const count = pane ? pane.chosen.size : 0;
  $('tools').hidden = count === 0;
  $('chosen').textContent = count === 1 ? '1 word' : `${count} words`;
}

// A word becomes `tokens`; all that is not locked is thought over around it, from little noise.
function replace(place, tokens) {
  const pane = active.pane;
  const words = pane.words(active.index).words;
  const open = new Set(words.map((_, at) => at).filter((at) => at !== place));
  return rethink(pane, active.index, open, 0.5, new Map([[place, tokens]]));
}

async function replaceByText(place, text) {
  const pane = active.pane;
  const before = pane.words(active.index).words[place].before;
  const reply = await ask('tokenize', { model: pane.model, content: (place > 0 ? before : '') + text });
  await replace(place, (await reply.json()).tokens);
}

// What a choice in the card does to the word.
async function cardChosen(choice, place, text) {
  const { pane, index } = active;
  try {
    if (choice === 'lock') {
      if (pane.locked.has(place)) pane.locked.delete(place); else pane.locked.add(place);
      draw();
    } else if (choice === 'rethink') {
      await rethink(pane, index, new Set([place]), 1);
    } else if (choice === 'replace' && text) {
      await replaceByText(place, text);
    }
  } catch (problem) { showProblem(problem.message); }
}

// ---- Wishes

function drawChips() {
  $('wishes').replaceChildren(...wishes.map((wish, at) => {
    const chip = document.createElement('li');
    chip.className = 'chip';
    chip.append(`${wish.guide}: ${wish.wish}`);
    const drop = document.createElement('button');
    drop.type = 'button';
    drop.textContent = '×';
    drop.setAttribute('aria-label', `drop ${wish.guide}: ${wish.wish}`);
    drop.addEventListener('click', () => { wishes.splice(at, 1); drawChips(); steer(); });
    chip.append(drop);
    return chip;
  }));
}

function addWish() {
  const text = $('wish').value.trim();
  if (!text) { $('wish').focus(); return; }
  wishes.push({ guide: $('guide').value, wish: text });
  $('wish').value = '';
  drawChips();
  steer();
}

// Wishes that come or go while a text is written act from the next step on.
function steer() {
  for (const pane of panes) {
    if (pane.state === 'running' && pane.id) ask('v1/steer', { id: pane.id, wishes }).catch((problem) => showProblem(problem.message));
  }
}

// ---- Time

function pause() {
  clearInterval(playing);
  playing = null;
  $('play').textContent = '▶';
  $('play').setAttribute('aria-label', 'Play');
}

function play() {
  if (playing) { pause(); return; }
  following = false;
  if (position >= lastPosition()) position = 0;
  $('play').textContent = '❚❚';
  $('play').setAttribute('aria-label', 'Pause');
  playing = setInterval(() => {
    if (position >= lastPosition()) { pause(); return; }
    go(position + 1, true);
  }, 160 / Number($('speed').value));
}

function go(to, goesOn = false) {
  if (!goesOn) pause();
  position = Math.max(0, Math.min(to, lastPosition()));
  following = position === lastPosition();
  draw();
}

// ---- Sharing

function link() {
  const state = { model: $('model').value, beside: $('beside').value || undefined, pattern: $('pattern').value || undefined, wishes, ...requestOf() };
  delete state.infill;
  state.seed = panes[0] ? panes[0].seed : state.seed;
  return `${location.origin}${location.pathname}#${encodeURIComponent(JSON.stringify(state))}`;
}

function allWishes() {
  const all = [...wishes];
  if ($('pattern').value.trim()) all.unshift({ guide: 'infill', wish: $('pattern').value });
  return all;
}

// What was asked for, as share.js takes it.
function asked() {
  return {
    model: panes[0].model, seed: panes[0].seed, wishes: allWishes(), candidates: number('candidates') || 1, steps: number('steps'),
    temperature: number('temperature'), settings: settingsOf(), request: requestOf(),
  };
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    $('copied').textContent = 'copied';
  } catch {
    window.prompt('Copy this', text);
  }
  setTimeout(() => { $('copied').textContent = ''; }, 2000);
}

// ---- Coming back

// What is being written outlives a reload.
function remember() {
  sessionStorage.setItem('writing', JSON.stringify({ jobs: panes.map((pane) => ({ model: pane.model, id: pane.id, seed: pane.seed })), wishes, pattern: $('pattern').value }));
}

async function comeBack() {
  const kept = JSON.parse(sessionStorage.getItem('writing') || 'null');
  if (!kept) return;
  wishes = kept.wishes;
  $('pattern').value = kept.pattern;
  drawChips();
  await Promise.all(kept.jobs.map(async (job) => {
    if (!job.id) return;
    let reply;
    try {
      reply = await ask(`v1/denoise/${job.id}/events?from=0`);
    } catch { return; }
    const pane = new Pane(job.model, page);
    panes.push(pane);
    pane.id = job.id;
    pane.seed = job.seed;
    pane.state = 'running';
    pane.request = requestOf();
    await pane.follow(reply);
  }));
}

function readLink() {
  if (location.hash.length < 2) return false;
  try {
    const state = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    for (const id of ['model', 'beside', 'pattern', 'candidates', 'seed', 'steps', 'temperature']) if (state[id] !== undefined) $(id).value = state[id];
    wishes = Array.isArray(state.wishes) ? state.wishes.filter((wish) => wish && wish.guide && wish.wish) : [];
    for (const setting of state.settings || []) {
      const [key, value] = setting.split('=');
      const field = $('sampling').querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (field) field.value = value;
    }
    drawChips();
    return true;
  } catch {
    showProblem('The link is damaged: what it asks for cannot be read.');
    return false;
  }
}

// ---- The beginning

function fillSettings() {
  const offered = ['sampling.order', 'sampling.top_p', 'sampling.corrections', 'sampling.settle', 'sampling.spelling'];
  for (const setting of properties.sampling) {
    const key = setting.key.startsWith('sampling.') ? setting.key : `sampling.${setting.key}`;
    if (!offered.includes(key)) continue;
    const label = document.createElement('label');
    label.title = setting.help;
    label.append(key.replace('sampling.', ''));
    const field = document.createElement(setting.choices ? 'select' : 'input');
    field.dataset.key = key;
    if (setting.choices) for (const choice of ['', ...setting.choices]) field.append(new Option(choice || 'as set', choice));
    else field.placeholder = 'as set';
    label.append(field);
    $('sampling').append(label);
  }
}

const needsClassifier = ['attribute', 'span', 'tree', 'fudge'];

function wishKindChanged() {
  const kind = properties.wishes.find((one) => one.guide === $('guide').value);
  const model = properties.models.find((one) => one.id === $('model').value);
  const own = (model?.classifiers || []).find((one) => one.guide === kind.guide);
  $('wish').placeholder = own ? own.example || kind.example : needsClassifier.includes(kind.guide) ? 'needs a classifier' : kind.example;
  $('wish').title = needsClassifier.includes(kind.guide) && !own ? `difflm serve ${model?.id} CLASSIFIER: a text that ${kind.help}` : `a text that ${kind.help}`;
}

async function begin() {
  properties = await (await ask('props')).json();
  const writers = properties.models;
  $('model').replaceChildren(...writers.map((one) => new Option(`${one.id}${one.kind ? ` (${one.kind})` : ''}`, one.id)));
  $('beside').append(...writers.map((one) => new Option(one.id, one.id)));
  $('beside').parentElement.hidden = writers.length < 2;
  $('guide').replaceChildren(...properties.wishes.filter((one) => one.guide !== 'infill').map((one) => new Option(one.guide, one.guide)));
  $('guide').value = 'keywords';
  $('candidates').max = properties.limits.candidates;
  fillSettings();
  wishKindChanged();
  if (writers.some((one) => one.state === 'opening')) connectionOpening();
  if (readLink()) await write(); else await comeBack();
}

function connectionOpening() {
  $('connection').textContent = 'The model is being opened …';
  if (!checking) checking = setInterval(checkConnection, 500);
}

// An example that works with any model: the first and last words of a text of its own, with a gap between.
async function example() {
  hideIntro();
  $('pattern').value = '';
  wishes = [];
  drawChips();
  await write({ seed: 1 });
  const pane = panes[0];
  const text = pane && pane.words(0);
  if (!text || text.words.length < 4) return;
  const last = text.text.split(/\s+/).slice(-2).join(' ');
  const first = text.text.split(/\s+/).slice(0, 2).join(' ');
  if (properties.models.find((one) => one.id === pane.model).kind !== 'diffusion') return;
  const escape = (part) => part.replaceAll(/[_*]/g, '\\$&');
  $('pattern').value = `${escape(first)} * ${escape(last)}`;
  await write();
}

function hideIntro() {
  $('intro').hidden = true;
  try { localStorage.setItem('seen', '1'); } catch { /* a page without storage shows it again */ }
}

try { $('intro').hidden = localStorage.getItem('seen') === '1'; } catch { /* likewise */ }
$('example').addEventListener('click', example);
$('dismiss').addEventListener('click', hideIntro);
$('ask').addEventListener('submit', (event) => { event.preventDefault(); if (!$('write').hidden) { history = []; $('back').disabled = true; write(); } });
$('stop').addEventListener('click', () => { for (const pane of panes) pane.stop(); });
$('add').addEventListener('click', addWish);
$('wish').addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); addWish(); } });
$('guide').addEventListener('change', wishKindChanged);
$('model').addEventListener('change', wishKindChanged);
$('play').addEventListener('click', play);
$('speed').addEventListener('change', () => { if (playing) { pause(); play(); } });
$('scrub').addEventListener('input', () => go(Number($('scrub').value)));
$('lock').addEventListener('click', () => { for (const at of active.pane.chosen) active.pane.locked.add(at); active.pane.chosen.clear(); draw(); });
$('unlock').addEventListener('click', () => { for (const at of active.pane.chosen) active.pane.locked.delete(at); active.pane.chosen.clear(); draw(); });
const rethinkChosen = () => rethink(active.pane, active.index, new Set(active.pane.chosen), Number($('noise').value));
$('rethink').addEventListener('click', rethinkChosen);
const unchoose = () => { if (active.pane) active.pane.chosen.clear(); draw(); };
$('unchoose').addEventListener('click', unchoose);
$('permalink').addEventListener('click', () => copy(link()));
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', () => copy({ command: commandOf, curl: curlOf, cpp: cppOf }[button.dataset.copy](asked())));
}
$('export').addEventListener('click', () => exportPage(panes));
$('back').addEventListener('click', async () => {
  const before = history.pop();
  $('back').disabled = history.length === 0;
  const tokens = before.text.words.map((word) => word.token);
  const writing = write({ start: { tokens, kept: tokens.map(() => 1), noise: 1 }, infill: undefined, candidates: 1 }, [before.model]);
  panes[0].locked = before.locked;
  await writing;
});
document.addEventListener('keydown', (event) => {
  if (event.target.matches('input, select, textarea') || $('card').open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!$('training').hidden) return;  // another view
  const onButton = event.target.matches('button, summary');
  if (event.key === ' ' && !onButton && panes.length) { event.preventDefault(); play(); }
  if (event.key === ',') go(position - 1);
  if (event.key === '.') go(position + 1);
  if ((event.key === 'r' || event.key === 'R') && active.pane && active.pane.chosen.size) rethinkChosen();
  if (event.key === 'Escape') unchoose();
});
begin().catch(() => { if (!checking) connectionLost(); });
