// The view of a training: when it is shown, and the questions to the server, one every two seconds as long as it is.
import { ask } from './server.js';
import { TrainingLog } from './training_log.js';
import { TrainingView } from './training_view.js';

const $ = (id) => document.getElementById(id);
const pause = 2000;  // milliseconds between two questions

let runs = [];       // as /v1/training lists them
let view = null;     // of the run that is shown
let timer = null;
const log = new TrainingLog();

const addressOf = (run) => `#training=${encodeURIComponent(run)}`;

function say(words) { $('announce').textContent = words; }

// ---- Asking

// What is heard of `own` is passed over once another run is shown.
async function follow(own) {
  let soon = false;
  try {
    const reply = await (await ask(`v1/training/${encodeURIComponent(own.name)}?from=${log.next}&log=${log.log}`)).json();
    if (own !== view) return;
    const before = own.state && (own.lost ? 'lost' : own.state.state);
    own.lost = false;
    own.state = reply;
    const fresh = log.take(reply);
    soon = reply.more;
    if (before && before !== reply.state) say(own.words());
    else if (before && fresh !== null) say(`Samples of step ${fresh} are here.`);
  } catch (problem) {
    if (own !== view) return;
    if (!own.state) own.showProblem(problem.message);
    else if (!own.lost) { own.lost = true; say(own.words()); }
  }
  if (!soon) own.draw();
  // A process that shows its own training is about to end with it: nothing more is to come.
  const over = own.state && own.state.ends_with_server && own.state.state !== 'running' && !own.lost && !soon;
  if (!over) timer = setTimeout(() => follow(own), soon ? 0 : pause);
}

// ---- Which view

function wanted() {
  const found = location.hash.match(/^#training=(.*)$/);
  try { return found ? decodeURIComponent(found[1]) : null; } catch { return null; }
}

function mark(anchor, here) {
  if (here) anchor.setAttribute('aria-current', 'page'); else anchor.removeAttribute('aria-current');
}

function show() {
  const run = wanted();
  const watching = run !== null;
  $('training').hidden = !watching;
  document.querySelector('main').hidden = watching;
  document.body.classList.toggle('watching', watching);
  mark($('view-write'), !watching);
  mark($('view-training'), watching);
  if (view && view.name === run) return;
  clearTimeout(timer);
  view = null;
  document.title = 'difflm';
  if (!watching) return;
  log.clear();
  view = new TrainingView($('training'), run, log);
  drawRuns();
  follow(view);
}

// Where there are several, one leads to the others.
function drawRuns() {
  if (!view) return;
  const place = $('training').querySelector('.runs');
  place.hidden = runs.length < 2;
  place.replaceChildren(...runs.map((run) => {
    const item = document.createElement('li');
    const anchor = document.createElement('a');
    anchor.href = addressOf(run.id);
    anchor.textContent = run.id;
    mark(anchor, run.id === view.name);
    item.append(anchor);
    return item;
  }));
}

async function begin() {
  try {
    runs = (await (await ask('v1/training')).json()).data;
  } catch {
    setTimeout(begin, pause);
    return;
  }
  const known = runs.filter((run) => run.logged || run.state === 'running');
  $('views').hidden = known.length === 0 || runs.every((run) => run.ends_with_server);  // which has no other view
  if (known.length) {
    $('view-training').href = addressOf(known[0].id);
    const canWrite = runs.some((run) => !run.ends_with_server && run.checkpoint !== null);
    if (!canWrite && location.hash.length < 2) location.replace(addressOf(known[0].id));
  }
  drawRuns();
}

addEventListener('hashchange', show);
addEventListener('resize', () => { if (view) view.draw(); });
show();
begin();
