// The texts of one model: asked for, followed step by step, and drawn.
import { Frames, drawWords, drawWishes } from './player.js';
import { ask, eventsOf, lost } from './server.js';

const kinds = ['step', 'end', 'wishes', 'error', 'cancelled'];

// How good a finished text is beside the others: wishes that hold, then confidence.
function rank(text) {
  return text.wishes.filter((wish) => wish.holds !== false).length + (text.confidence || 0);
}

export class Pane {
  // `page` learns what happens: begun(), changed(), ended(), problem(text), finished(text), clicked and hovered(pane, index, place,
  // event), left(). It has the position in the frames, the active text, and the place where panes stand.
  constructor(model, page) {
    this.model = model;
    this.page = page;
    this.frames = new Frames();
    this.locked = new Set();   // places of the first text
    this.chosen = new Set();
    this.pinned = null;
    this.id = null;
    this.seen = 0;             // events
    this.state = 'waiting';
    this.element = document.createElement('article');
    this.element.className = 'pane';
    this.element.innerHTML = '<header><h2></h2><span class="small"></span></header>';
    this.element.querySelector('h2').textContent = model;
    page.place.append(this.element);
  }

  note(text) { this.element.querySelector('.small').textContent = text; }

  async write(body) {
    this.request = body;
    this.abort = new AbortController();
    this.state = 'running';
    this.note('waiting …');
    await this.follow(await ask('v1/denoise', { model: this.model, ...body }, 'POST', this.abort.signal));
  }

  async follow(reply) {
    try {
      for await (const event of eventsOf(reply)) this.take(event);
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      lost.report();
      return;
    }
    if (this.state === 'running') lost.report();
  }

  // Goes on where the connection was lost; where the server has forgotten the text, it is asked for anew.
  async resume() {
    if (this.state !== 'running' || !this.id) return;
    try {
      await this.follow(await ask(`v1/denoise/${this.id}/events?from=${this.seen}`));
    } catch {
      this.frames = new Frames();
      this.seen = 0;
      await this.write({ ...this.request, seed: this.seed });
    }
  }

  take(event) {
    if (event.event === 'begin') {
      this.id = event.id;
      this.seed = event.seed;
      this.page.begun();
      if (event.before > 0) this.note(`${event.before} before it`);
      return;
    }
    if (kinds.includes(event.event)) this.seen += event.event === 'error' || event.event === 'cancelled' ? 0 : 1;
    this.frames.add(event);
    if (event.event === 'step') this.note(`step ${event.step + 1} of ${event.steps}`);
    if (event.event === 'wishes' && event.refused) this.page.problem(`${event.refused.message}\n${event.refused.hint || ''}`);
    if (event.event === 'error') { this.finish('failed', 'failed'); this.page.problem(event.error.message); }
    if (event.event === 'cancelled') this.finish('cancelled', 'stopped');
    if (event.event === 'end') {
      const evaluations = event.texts.reduce((sum, text) => sum + text.evaluations, 0) / event.texts.length;
      this.finish('finished', `${event.seconds.toFixed(2)} s, ${evaluations.toFixed(0)} evaluations a text, seed ${this.seed}`);
      this.page.finished(event.texts[0].text);
    }
    this.page.changed();
  }

  finish(state, note) {
    this.state = state;
    this.note(note);
    this.page.ended();
  }

  stop() {
    if (this.state !== 'running') return;
    if (this.id) ask(`v1/denoise/${this.id}`, null, 'DELETE').catch(() => {});
    else this.abort.abort();
  }

  // The words of text `index` as they are shown now.
  words(index) {
    const frame = this.frames.at(this.page.position);
    return frame && frame.texts.get(index);
  }

  draw() {
    const frame = this.frames.at(this.page.position);
    if (!frame) return;
    const order = [...frame.texts.keys()];
    if (frame.step === null) order.sort((a, b) => rank(frame.texts.get(b)) - rank(frame.texts.get(a)));
    if (this.pinned !== null && frame.texts.has(this.pinned)) { order.splice(order.indexOf(this.pinned), 1); order.unshift(this.pinned); }
    order.forEach((index, at) => {
      let part = this.element.querySelector(`.candidate[data-index="${index}"]`);
      if (!part) {
        part = document.createElement('section');
        part.className = 'candidate';
        part.dataset.index = index;
        part.innerHTML = '<p class="text"></p><ul class="bars"></ul><p class="small"></p>';
        const pin = document.createElement('button');
        pin.type = 'button';
        pin.textContent = 'Pin';
        pin.addEventListener('click', () => { this.pinned = this.pinned === index ? null : index; this.page.changed(); });
        part.querySelector('p.small').append(pin);
        this.listen(part.querySelector('.text'), index);
        this.element.append(part);
      }
      if (this.element.children[at + 1] !== part) this.element.insertBefore(part, this.element.children[at + 1] || null);
      part.classList.toggle('pinned', this.pinned === index);
      part.querySelector('p.small').hidden = frame.texts.size < 2;
      part.querySelector('p.small button').textContent = this.pinned === index ? 'Unpin' : 'Pin';
      part.querySelector('p.small button').setAttribute('aria-pressed', String(this.pinned === index));
      const text = frame.texts.get(index);
      const isActive = this.page.active.pane === this && this.page.active.index === index;
      drawWords(part.querySelector('.text'), text, {
        element: 'button', locked: isActive || order.length === 1 ? this.locked : new Set(), chosen: isActive ? this.chosen : new Set(),
        onWord: (place, event) => this.page.clicked(this, index, place, event),
      });
      drawWishes(part.querySelector('.bars'), text.wishes);
    });
  }

  // A mouse that rests on a word.
  listen(text, index) {
    const placeOf = (node) => [...text.querySelectorAll('.word')].indexOf(node);
    text.addEventListener('pointerover', (event) => {
      const node = event.target.closest('.word');
      if (node && event.pointerType === 'mouse') this.page.hovered(this, index, placeOf(node), node);
    });
    text.addEventListener('pointerout', () => this.page.left());
  }
}
