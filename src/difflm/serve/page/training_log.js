// What a run has logged so far, sorted into the lines of the charts.
export const levels = 8;

export class TrainingLog {
  constructor() { this.clear(); }

  clear() {
    this.log = '';      // the name of the file that was read,
    this.next = 0;      // up to here
    this.training = []; // [step, loss]
    this.speed = [];    // [step, tokens per second]
    this.rate = null;
    this.validations = []; // { step, loss, model: [8], alone: [8], perplexity }
    this.samples = new Map(); // step -> texts
  }

  // Takes what the server has sent, from the beginning where that is another file, and returns the step of samples that are new.
  take(reply) {
    if (reply.log !== this.log || reply.from !== this.next) this.clear();
    this.log = reply.log;
    this.next = reply.next;
    for (const record of reply.records) this.add(record);
    let fresh = null;
    for (const { step, texts } of reply.samples) {
      if (!this.samples.has(step)) fresh = step;
      this.samples.set(step, texts);
    }
    return fresh;
  }

  add(record) {
    const { step } = record;
    if (Number.isFinite(record['train/loss'])) this.training.push([step, record['train/loss']]);
    if (Number.isFinite(record.tokens_per_second)) this.speed.push([step, record.tokens_per_second]);
    if (Number.isFinite(record.learning_rate)) this.rate = record.learning_rate;
    if (!Number.isFinite(record['validation/loss'])) return;
    const of = (name) => Array.from({ length: levels }, (_, level) => record[`validation/${name}_u${level}`] ?? null);
    this.validations.push({
      step, loss: record['validation/loss'], model: of('cross_entropy'), alone: of('context_free'), perplexity: record['validation/perplexity'] ?? null,
    });
  }

  // Validations at one level of noise: the model's cross-entropy, or that of each token seen alone.
  level(kind, at) {
    return this.validations.filter((one) => one[kind][at] !== null).map((one) => [one.step, one[kind][at]]);
  }

  has(kind) { return this.validations.some((one) => one[kind].some((value) => value !== null)); }

  best() {
    return this.validations.reduce((best, one) => (best && best.loss <= one.loss ? best : one), null);
  }
}
