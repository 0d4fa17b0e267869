// Why a word stands where it does, and what may be done to it: its card, and the note that a resting mouse brings.
//
// The server says which words the model finds likeliest there, given all others, and how much more probable each wish is with each of
// them (POST /v1/words).
import { ask } from './server.js';

const $ = (id) => document.getElementById(id);
const percent = (share) => (share > 0 && share < 0.005 ? '<1%' : `${Math.round(100 * share)}%`);
const bare = (text) => text.trim() || text;

// How a pull in nats reads: how many times as probable the wish is.
function times(pull) {
  if (Math.abs(pull) < 0.05) return 'no difference';
  const factor = Math.exp(Math.abs(pull));
  const rounded = factor < 10 ? factor.toFixed(1) : factor < 1000 ? factor.toFixed(0) : 'over 1000';
  return pull > 0 ? `${rounded} times likelier` : `${rounded} times less likely`;
}

// The words at `place`, the one that stands there first in `own`; wishes that pull at no word are left out.
async function reasons(pane, index, place) {
  const text = pane.words(index);
  pane.reasons ||= new Map();
  const key = `${index} ${place} ${text.words.map((word) => word.token).join(' ')}`;
  if (!pane.reasons.has(key)) {
    const asked = pane.page.wishesPull(pane.model) ? text.wishes.map(({ guide, wish }) => ({ guide, wish })) : [];
    const body = { model: pane.model, tokens: text.words.map((word) => word.token), place, ...(asked.length ? { wishes: asked } : {}) };
    const reply = await ask('v1/words', body);
    const list = (await reply.json()).words.map((word) => ({
      ...word,
      pulls: (word.pulls || []).map((pull, at) => ({ ...asked[at], pull })).filter(({ pull }) => pull !== null),
    }));
    pane.reasons.set(key, list);
  }
  const list = pane.reasons.get(key);
  return { list: list.slice(0, 10), own: list.find((word) => word.token === text.words[place].token) };
}

// Lines that say why: the model, then each wish.
function whyLines(own) {
  const line = (name, value, kind) => {
    const item = document.createElement('li');
    const label = document.createElement('span');
    const said = document.createElement('strong');
    label.textContent = name;
    said.textContent = value;
    said.className = kind;
    item.append(label, said);
    return item;
  };
  if (!own) return [];
  const kindOf = (pull) => (pull > 0.05 ? 'holds' : pull < -0.05 ? 'fails' : '');
  return [line('the model, given the other words', percent(own.probability), ''),
    ...own.pulls.map(({ guide, wish, pull }) => line(`${guide}: ${wish}`, times(pull), kindOf(pull)))];
}

const inWords = (word) => [`${percent(word.probability)} by the model`, ...word.pulls.map(({ guide, wish, pull }) => `${guide}: ${wish} ${times(pull)}`)].join(', ');

// ---- The card

let open = null; // { place, actions } of the card that is shown

export async function openCard(pane, index, place, actions) {
  hideReasons();
  const word = pane.words(index).words[place];
  open = { place, actions };
  $('card-title').textContent = `“${bare(word.text)}”`;
  $('card-facts').textContent = `${percent(word.confidence)} sure when it was written; ${pane.locked.has(place) ? 'locked' : word.state}.`;
  $('card-lock').textContent = pane.locked.has(place) ? 'Unlock' : 'Lock';
  $('replacement').value = '';
  $('why').replaceChildren();
  $('likeliest').textContent = '…';
  $('card').showModal();
  try {
    const { list, own } = await reasons(pane, index, place);
    $('why').replaceChildren(...whyLines(own));
    $('likeliest').replaceChildren(...list.map((one) => {
      const button = document.createElement('button');
      const share = document.createElement('small');
      button.type = 'button';
      share.textContent = percent(one.probability);
      button.append(`${bare(one.text)} `, share);
      button.title = inWords(one);
      button.setAttribute('aria-label', `${bare(one.text)}, ${inWords(one)}`);
      button.addEventListener('click', () => { $('card').close(''); actions.replace(place, [one.token]); });
      return button;
    }));
  } catch (problem) {
    $('likeliest').textContent = problem.message;
  }
}

$('card').addEventListener('close', () => {
  const choice = $('card').returnValue;
  $('card').returnValue = '';
  if (open) open.actions.chosen(choice, open.place, $('replacement').value.trim());
});
$('replacement').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') { event.preventDefault(); $('card').close('replace'); }
});

// ---- The note under a resting mouse

const kRest = 350; // ms
let resting = null;

export function showReasons(pane, index, place, node) {
  hideReasons();
  if (pane.state !== 'finished' || $('card').open) return;
  resting = setTimeout(async () => {
    const mine = resting;
    try {
      const { list, own } = await reasons(pane, index, place);
      if (resting !== mine || !node.isConnected) return;
      const words = document.createElement('p');
      words.textContent = list.slice(0, 5).map((one) => `${bare(one.text)} ${percent(one.probability)}`).join(' · ');
      const lines = document.createElement('ul');
      lines.className = 'why';
      lines.append(...whyLines(own));
      $('reasons').replaceChildren(words, lines);
      $('reasons').hidden = false;
      const at = node.getBoundingClientRect();
      const width = $('reasons').offsetWidth;
      $('reasons').style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8)) + window.scrollX}px`;
      $('reasons').style.top = `${at.bottom + window.scrollY + 6}px`;
    } catch { /* the card says what is wrong */ }
  }, kRest);
}

export function hideReasons() {
  clearTimeout(resting);
  resting = null;
  $('reasons').hidden = true;
}
