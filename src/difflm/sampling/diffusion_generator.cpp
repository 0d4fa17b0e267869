#include "difflm/sampling/diffusion_generator.h"

#include <algorithm>

#include "difflm/sampling/clamping.h"
#include "difflm/sampling/open_words.h"
#include "difflm/sampling/row_noise.h"
#include "difflm/sampling/sampler.h"
#include "difflm/sampling/word_denoising.h"

namespace difflm {
namespace {

// What the drawn tokens make up: where a length is asked for, the marks of a framed sequence are pinned, and the rest is all text.
Frame drawn_frame(const Run& run, const SampleRequest& request) {
  const Frame frame = run.packing->frame();
  return frame == Frame::framed && request.length > 0 ? Frame::whole : frame;
}

}  // namespace

DiffusionGenerator::DiffusionGenerator(Run& run, DiffusionModel& model, const SamplingOptions& options,
                                       const SampleRequest& request, Steering* steering)
    : run_(run),
      model_(model),
      options_(options),
      request_(request),
      steering_(steering),
      acceptance_(run, options, steering),
      characters_(*run.tokenizer),
      table_(model.table()),
      ruled_out_(model, table_, drawn_frame(run, request)) {
  if (steering != nullptr && options.rounding != "model") {
    throw usage_error("sampling.rounding", "cannot be changed while texts are steered", "steer with sampling.rounding=model");
  }
  if (options.fluency > 0) {
    if (!model.parametrisation().has_logits()) {
      throw usage_error("sampling.fluency", "needs a model that predicts tokens, expected model.parametrisation=logits");
    }
    fluency_ = bigram_energy_of(run, table_.device());
  }
  if (request.start && !model.given_flag()) {
    throw usage_error("start", "needs a model that was trained with given tokens, expected model.given_flag=true");
  }
  check_noise();
  if (model.process().replaces()) order_ = reveal_orders().make(options.order, run.config);
  if (options.rounding == "mixed") {
    mixed_.emplace(run);
  } else if (options.rounding != "model") {
    rounding_ = other_rounding(options.rounding);
  }
  commits_ = options.commit_threshold < 1 && !rounding_ && !order_;
  if (commits_ && !model.given_flag()) {
    throw usage_error("sampling.settle", "needs a model that was trained with given tokens, expected model.given_flag=true",
                      "sample with sampling.settle=1");
  }
  if (options.corrections > 0 && !model.given_flag()) {
    throw usage_error("sampling.corrections", "needs a model that was trained with given tokens, expected model.given_flag=true",
                      "sample with sampling.corrections=0");
  }
  if (options.spelling == "known") {
    if (!model.given_flag()) {
      throw usage_error("sampling.spelling", "needs a model that was trained with given tokens, expected model.given_flag=true",
                        "sample with sampling.spelling=free");
    }
    spelling_.emplace(*run.tokenizer);
  }
  // What moves latents carries no information about a single token.
  const bool moves_latents = steering != nullptr && steering->guides_latents();
  if (options.rounding != "model" || moves_latents) {
    spelling_.reset();
  } else if (model.given_flag()) {
    corrector_.emplace(model, table_, CorrectorOptions{options.improbable, options.temperature, options.top_p});
  }
  if (!options.judge.empty() && !corrector_) {
    throw usage_error("sampling.judge",
                      "accepts corrections, and there are none where a rule moves latents or another rounding decodes",
                      "sample with sampling.rounding=model control.rule=posterior");
  }
}

void DiffusionGenerator::check_noise() const {
  const auto replaces = model_.process().replaces();
  if (options_.remask > 0 && !(replaces && replaces->flags_kept)) {
    throw usage_error("sampling.remask", "needs a model whose words are hidden and revealed, expected noise.process=mask",
                      "sample with sampling.remask=0");
  }
  if (!replaces) return;
  const auto refuse = [](const char* option, const char* expected) {
    throw usage_error(option, fmt::format("has no use where noise replaces words, expected {}", expected));
  };
  if (options_.rounding != "model") refuse("sampling.rounding", "model");
  if (options_.clamp != "off") refuse("sampling.clamp", "off");
  if (steering_ != nullptr && steering_->guides_latents()) refuse("control.rule", "posterior: other rules move latents");
}

std::unique_ptr<Rounding> DiffusionGenerator::other_rounding(const std::string& name) const {
  auto rounding = roundings().make(name, run_.config, RoundingShape{table_.size(0), table_.size(1)});
  if (!rounding->parameters().empty()) {
    throw usage_error("sampling.rounding", fmt::format("'{}' has to be learned with the model, expected cosine or nearest", name));
  }
  rounding->rule_out(never_drawn(drawn_frame(run_, request_)), table_);
  return rounding;
}

Sequence DiffusionGenerator::frame_of_text(int64_t length) const {
  if (run_.packing->frame() != Frame::framed || request_.length == 0) return {};
  Sequence frame(static_cast<size_t>(length), kPad);
  const auto text = static_cast<size_t>(request_.length);
  std::fill_n(frame.begin(), text + 1, -1);
  frame[0] = kStart;
  frame[text + 1] = kEnd;
  return frame;
}

Sequence DiffusionGenerator::framed(const Sequence& text, int64_t length) const {
  Sequence sequence = frame_of_text(length);
  if (sequence.empty()) return text;
  std::copy(text.begin(), text.end(), sequence.begin() + 1);
  return sequence;
}

Sequence DiffusionGenerator::kept_of_start(int64_t index) const {
  const SampleStart& start = *request_.start;
  Sequence kept = start.tokens;
  // Where noise replaces words, it has replaced some and left the others.
  RandomStream random(request_.stream("start", index));
  for (size_t at = 0; at < kept.size(); ++at) {
    const bool replaced = !order_ || random.uniform() < start.noise;
    if (!start.kept[at] && replaced) kept[at] = kOpen;
  }
  return kept;
}

std::pair<Tensor, std::vector<double>> DiffusionGenerator::beginning(const Draft& draft, const Tensor& noise) const {
  const NoiseProcess& process = model_.process();
  std::vector<double> times = process.sampling_times(options_.steps);
  if (!request_.start || request_.start->noise >= 1) return {noise, times};
  std::erase_if(times, [&](double u) { return u >= request_.start->noise; });
  times.insert(times.begin(), process.snap(request_.start->noise));
  const Sequence tokens = framed(request_.start->tokens, draft.block());
  const Tensor text = torch::tensor(std::vector<int64_t>(tokens.begin(), tokens.end())).to(table_.device());  // [T]
  const Tensor words = draft.embed(text).unsqueeze(0).expand_as(noise);
  const Tensor level = torch::full({draft.rows()}, process.alpha_bar(times.front()), noise.options());
  return {process.mix(words, noise, level, request_.seed), times};
}

Draft DiffusionGenerator::begin(const std::vector<int64_t>& indices, int64_t length) const {
  Draft draft(run_, indices, length, table_);
  if (draft.blocks() > 1) {
    const auto refuse = [&](const std::string& why) {
      throw usage_error("length", fmt::format("{} is longer than the model's {} tokens, and {}", length, run_.length, why));
    };
    if (!model_.given_flag()) refuse("a model without model.given_flag cannot continue what is written");
    if (steering_ != nullptr) refuse("steered texts are written as one sequence");
  }
  const Sequence frame = frame_of_text(length);
  for (int64_t row = 0; row < draft.rows(); ++row) {
    draft.pin(row, frame);
    if (request_.start) draft.pin(row, framed(kept_of_start(indices[static_cast<size_t>(row)]), length));
    if (steering_ != nullptr) draft.pin(row, steering_->pins(indices[static_cast<size_t>(row)], draft.block()));
  }
  return draft;
}

DenoiseFunction DiffusionGenerator::denoiser(const GuidedDenoiser& guided, Draft& draft) {
  DenoiseFunction committing = [&](const Tensor& x_t, double u, const Tensor& previous_x0) {
    Denoised denoised = guided(x_t, u, previous_x0);
    if (commits_) {
      const Rounding::Rounded rounded = guided.round(denoised);
      draft.commit(rounded, rounded.probability > options_.commit_threshold);
    }
    return denoised;
  };
  return options_.clamp == "always" ? clamped(std::move(committing), model_, table_) : committing;
}

Rounding::Rounded DiffusionGenerator::round(const GuidedDenoiser& guided, const Denoised& denoised) const {
  return rounding_ ? rounding_->round(denoised.x0, table_) : guided.round(denoised);
}

Rounding::Rounded DiffusionGenerator::finished(const GuidedDenoiser& guided, const Denoised& denoised, const Draft& draft,
                                               std::vector<RandomStream>& random) const {
  if (!mixed_) return draft.over(round(guided, denoised));
  const Rounding::Rounded mixed = mixed_->decode(guided.logits(denoised), draft.tokens(), options_.temperature, random);
  return {mixed.tokens.to(table_.device()), mixed.probability.to(table_.device())};
}

// The random streams of the rows of a batch, one for each purpose.
struct DiffusionGenerator::Streams {
  explicit Streams(const std::vector<uint64_t>& seeds) {
    for (const uint64_t seed : seeds) {
      mixing.emplace_back(seed, "mixed");
      correcting.emplace_back(seed, "corrections");
      drawing.emplace_back(seed, "reveal");
    }
  }
  std::vector<RandomStream> mixing;
  std::vector<RandomStream> correcting;
  std::vector<RandomStream> drawing;
};

Rounding::Rounded DiffusionGenerator::drawn(const GuidedDenoiser& guided, Draft& draft, const NoiseSource& noise, Streams& streams,
                                            SampleWatch& watch) const {
  return denoise_words(guided, draft, *order_, model_.process(), {options_.steps, options_.remask, options_.top_p}, noise,
                       streams.drawing, [&](size_t step, double hidden, const Rounding::Rounded& words) {
                         watch.show(step, hidden, [&] { return draft.read(words); });
                         return !watch.stopped();
                       });
}

Rounding::Rounded DiffusionGenerator::denoised(const GuidedDenoiser& guided, Draft& draft, const NoiseSource& noise,
                                               Streams& streams, SampleWatch& watch) {
  const StepObserver observer = [&](const StepView& view) {
    watch.show(
        view.index, view.u, [&] { return draft.read(draft.over(round(guided, view.denoised))); },
        [&](const std::string& rounding) {
          return draft.read(draft.over(other_rounding(rounding)->round(view.denoised.x0, table_)));
        });
    return !watch.stopped() && (!mixed_ || view.u > mixed_->from());
  };
  const auto sampler = samplers().make(options_.sampler, run_.config);
  const auto [start, times] = beginning(draft, noise());
  const Denoised last =
      denoise(denoiser(guided, draft), *sampler, model_.process(), times, start, noise, observer, guided.after_step());
  return finished(guided, last, draft, streams.mixing);
}

GeneratedBatch DiffusionGenerator::generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events) {
  Draft draft = begin(indices, length);
  const GuidedDenoiser guided(model_, table_, {options_.temperature, options_.fluency, fluency_ ? &*fluency_ : nullptr, steering_},
                              draft);
  std::vector<uint64_t> seeds;
  for (const int64_t index : indices) seeds.push_back(request_.stream("sample", index));
  Streams streams(seeds);
  RowNoise normal(seeds, draft.block(), table_.size(1), table_.device());
  RowReplacements replacements(model_.process(), table_, seeds, draft.block());
  const NoiseSource noise = order_ ? NoiseSource(std::ref(replacements)) : NoiseSource(std::ref(normal));

  const auto first_steps = static_cast<size_t>(options_.steps);
  const size_t sweeps = corrector_ ? static_cast<size_t>(options_.corrections) : 0;
  const size_t steps = first_steps + sweeps + (spelling_ ? 1 : 0);  // of a block
  const bool ends_itself = run_.packing->frame() == Frame::framed && request_.length == 0;
  SampleWatch watch(events, indices, draft.blocks() * steps);
  Rounding::Rounded text;
  for (size_t block = 0; block < draft.blocks() && !watch.stopped(); ++block) {
    if (block > 0 && ends_itself && draft.all_end(text)) break;
    if (block > 0) draft.go_on(text);
    watch.begin_block(block * steps);
    Corrector::Batch batch = {draft.committed(), guided.conditions(), noise, streams.correcting, steering_, draft.penalty()};
    if (acceptance_.weighs()) {
      batch.weigh = [&](const Rounding::Rounded& words) { return acceptance_.weigh(draft, words); };
      batch.replaced = acceptance_.replaced();
    }
    text = order_ ? drawn(guided, draft, noise, streams, watch) : denoised(guided, draft, noise, streams, watch);
    for (size_t step = first_steps; step < steps && !watch.stopped(); ++step) {
      if (spelling_) corrector_->respell(text, *spelling_, batch);
      if (step < first_steps + sweeps) corrector_->sweep(text, batch);
      watch.show(step, 0, [&] { return draft.read(text); });
    }
    if (corrector_ && !characters_.empty() && !watch.stopped()) corrector_->respell(text, characters_, batch);
  }
  return {draft.read(text, !watch.stopped()), watch.stopped()};
}

}  // namespace difflm
