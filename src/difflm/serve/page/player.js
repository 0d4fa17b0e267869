// Draws a text at one of its steps. The page and the pages that it saves share it.

const percent = (value) => `${Math.round(100 * value)}%`;

const stateWords = { noise: 'noise', changed: 'just changed', draft: 'draft', final: 'final', given: 'given' };

// The frames of the texts of one job: for each step, what every text looked like by then.
export class Frames {
  constructor() {
    this.frames = [];
    this.end = null;
  }

  add(event) {
    if (event.event === 'step') {
      const texts = new Map(this.frames.length ? this.frames[this.frames.length - 1].texts : []);
      for (const text of event.texts) texts.set(text.index, text);
      this.frames.push({ step: event.step, steps: event.steps, noise: event.noise, texts });
    }
    if (event.event === 'end') {
      this.end = event;
      const texts = new Map(event.texts.map((text) => [text.index, text]));
      this.frames.push({ step: null, steps: null, noise: 0, texts });
    }
  }

  at(position) {
    return this.frames[Math.max(0, Math.min(position, this.frames.length - 1))];
  }
}

// Fills `place` with the words of `text`; `element` is their tag, `onWord` gets (place in the text, event).
export function drawWords(place, text, { element = 'span', onWord = null, locked = new Set(), chosen = new Set() } = {}) {
  while (place.childNodes.length > 2 * text.words.length) place.lastChild.remove();
  text.words.forEach((word, at) => {
    let gap = place.childNodes[2 * at];
    let node = place.childNodes[2 * at + 1];
    if (!node) {
      gap = document.createTextNode('');
      node = document.createElement(element);
      if (element === 'button') node.type = 'button';
      if (onWord) node.addEventListener('click', (event) => onWord(at, event));
      place.append(gap, node);
    }
    if (gap.data !== word.before) gap.data = word.before;
    const bare = word.text.trim() || word.text;
    if (node.textContent !== bare) node.textContent = bare;
    const isLocked = locked.has(at);
    node.className = `word ${word.state}${isLocked ? ' locked' : ''}${chosen.has(at) ? ' chosen' : ''}`;
    node.style.opacity = word.state === 'draft' ? 0.72 + 0.28 * word.confidence : 1;
    node.title = `${percent(word.confidence)} sure, ${stateWords[word.state]}`;
    if (element === 'button') {
      node.setAttribute('aria-label', `${bare}, ${percent(word.confidence)} sure, ${isLocked ? 'locked' : stateWords[word.state]}`);
      node.setAttribute('aria-pressed', String(chosen.has(at)));
    }
  });
}

// How well each wish holds, as bars.
export function drawWishes(list, wishes) {
  while (list.children.length > wishes.length) list.lastChild.remove();
  wishes.forEach((wish, at) => {
    let line = list.children[at];
    if (!line) {
      line = document.createElement('li');
      line.append(document.createElement('span'), document.createElement('progress'), document.createElement('span'));
      list.append(line);
    }
    const [name, bar, value] = line.children;
    name.textContent = `${wish.guide}: ${wish.wish}`;
    const known = wish.holds !== null && wish.holds !== undefined;
    const share = known ? (wish.holds ? 1 : 0) : wish.probability;
    bar.setAttribute('aria-label', `how well ${wish.guide} holds`);
    if (share === null || share === undefined) {
      bar.hidden = true;
      value.textContent = 'kept';
    } else {
      bar.hidden = false;
      bar.value = share;
      value.textContent = known ? (wish.holds ? 'holds' : 'fails') : percent(share);
    }
    value.className = known ? (wish.holds ? 'holds' : 'fails') : '';
  });
}

export function stepName(frame) {
  return frame.step === null ? 'finished' : `step ${frame.step + 1} of ${frame.steps}, noise ${frame.noise.toFixed(2)}`;
}
