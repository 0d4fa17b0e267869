// What was asked for in other forms: as a command, as curl, as C++, and as a page that plays it.

const shell = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
const flags = { keywords: '--keyword', without: '--without', attribute: '--attribute', label: '--label', 'part-of-speech': '--tags', span: '--span', tree: '--tree', length: '--length', begin: '--begin', infill: '--infill', fudge: '--fudge' };

// `what` was asked for: { model, seed, wishes (all of them), candidates, steps, temperature, settings, request }.
export function commandOf(what) {
  const all = what.wishes;
  const parts = ['difflm', all.length ? 'control' : 'sample', what.model, '-n', what.candidates, '--seed', what.seed];
  for (const wish of all) parts.push(flags[wish.guide], shell(wish.wish));
  if (what.steps) parts.push('--steps', what.steps);
  if (what.temperature !== undefined) parts.push('--temperature', what.temperature);
  for (const setting of what.settings) parts.push('--set', shell(setting));
  return parts.join(' ');
}

export function curlOf(what) {
  return `curl -N ${location.origin}/v1/denoise -H 'Content-Type: application/json' -d ${shell(JSON.stringify({ model: what.model, ...what.request, seed: what.seed }))}`;
}

export function cppOf(what) {
  const text = (value) => JSON.stringify(value);
  const parts = [`.count = ${what.candidates}`, `.seed = ${what.seed}`];
  const all = what.wishes;
  if (all.length) parts.push(`.wishes = {${all.map((wish) => `{${text(wish.guide)}, ${text(wish.wish)}}`).join(', ')}}`);
  if (what.steps) parts.push(`.steps = ${what.steps}`);
  if (what.temperature !== undefined) parts.push(`.temperature = ${what.temperature}`);
  if (what.settings.length) parts.push(`.settings = {${what.settings.map(text).join(', ')}}`);
  return `auto model = difflm::Model::open(${text(what.model)});\nfor (const auto& text : model.sample({${parts.join(', ')}})) std::cout << text.text << "\\n";`;
}

// One file that plays the text anywhere, without a server.
export async function exportPage(panes) {
  const [player, style] = await Promise.all([fetch('page/player.js'), fetch('page/page.css')].map(async (reply) => (await reply).text()));
  const data = panes.map((pane) => ({ model: pane.model, frames: pane.frames.frames.map((frame) => ({ ...frame, texts: [...frame.texts] })) }));
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const main = `const data = JSON.parse(document.getElementById('data').textContent);
const scrub = document.getElementById('scrub'); const where = document.getElementById('where'); const play = document.getElementById('play');
const last = Math.max(...data.map((pane) => pane.frames.length - 1)); scrub.max = last; let timer = null;
function draw() { for (const [at, pane] of data.entries()) { const frame = pane.frames[Math.min(scrub.value, pane.frames.length - 1)]; where.textContent = stepName(frame);
  const part = document.getElementById('pane' + at); frame.texts.forEach(([index, text], row) => { let p = part.querySelectorAll('p.text')[row]; let bars = part.querySelectorAll('ul.bars')[row];
    if (!p) { p = document.createElement('p'); p.className = 'text'; bars = document.createElement('ul'); bars.className = 'bars'; part.append(p, bars); } drawWords(p, text); drawWishes(bars, text.wishes); }); } }
play.addEventListener('click', () => { clearInterval(timer); if (Number(scrub.value) >= last) scrub.value = 0; timer = setInterval(() => { if (Number(scrub.value) >= last) clearInterval(timer); else { scrub.value = Number(scrub.value) + 1; draw(); } }, 160); });
scrub.addEventListener('input', () => { clearInterval(timer); draw(); }); scrub.value = last; draw();`;
  const close = 'script>';
  const names = data.map((pane, at) => `<article class="pane" id="pane${at}"><h2></h2></article>`).join('');
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>difflm</title><style>${style}</style><main><h1>difflm</h1><section id="timeline"><button id="play">▶</button><input type="range" id="scrub" min="0" aria-label="Step"><output id="where"></output></section><section id="panes">${names}</section></main><script type="application/json" id="data">${json}</${close}<script type="module">${player.replaceAll('export ', '')}\n${main}\ndata.forEach((pane, at) => { document.querySelector('#pane' + at + ' h2').textContent = pane.model; });</${close}</html>`;
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(new Blob([page], { type: 'text/html' }));
  anchor.download = 'difflm.html';
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}
