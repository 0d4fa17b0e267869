#include "difflm/sampling/diffusion_generator.h"

#include "difflm/sampling/denoising_loop.h"
#include "difflm/sampling/row_noise.h"
#include "difflm/sampling/sampler.h"

namespace difflm {

namespace {

// `block` [B,T] put behind `before` [B,n], which may be undefined.
Rounding::Best behind(const Rounding::Best& before, const Rounding::Best& block) {
  if (!before.words.defined()) return block;
  return {torch::cat({before.words, block.words}, 1), torch::cat({before.probability, block.probability}, 1)};
}

Rounding::Best where(const Tensor& condition, const Rounding::Best& yes, const Rounding::Best& no) {
  return {torch::where(condition, yes.words, no.words), torch::where(condition, yes.probability, no.probability)};
}

// [B,T], every word open.
Rounding::Best nothing_settled(int64_t rows, int64_t length, const torch::Device& device) {
  return {torch::full({rows, length}, -1, torch::TensorOptions().dtype(torch::kInt64).device(device)),
          torch::zeros({rows, length}, torch::TensorOptions().device(device))};
}

}  // namespace

DiffusionGenerator::DiffusionGenerator(Run& run, DiffusionModel& model, const SamplingOptions& options,
                                       const SampleRequest& request, Steering* steering)
    : run_(run), model_(model), options_(options), request_(request), steering_(steering), table_(model.table()) {
  if (steering != nullptr && options.rounding != "model") {
    throw usage_error("sampling.rounding", "cannot be changed while texts are steered", "steer with --set sampling.rounding=model");
  }
  if (options.fluency > 0) {
    if (!model.parametrisation().has_logits()) {
      throw usage_error("sampling.fluency", "needs a model that predicts words, expected model.parametrisation=logits");
    }
    fluency_ = fluency_of(run, table_.device());
  }
  if (options.rounding == "mixed") {
    mixed_.emplace(run);
  } else if (options.rounding != "model") {
    rounding_ = other_rounding(options.rounding);
  }
  settles_ = options.settle < 1 && !rounding_;
  if (settles_ && !model.given_flag()) {
    throw usage_error("sampling.settle", "needs a model that was trained to see given words, expected model.given_flag=true",
                      "sample with --set sampling.settle=1");
  }
  if (options.corrections > 0 && !model.given_flag()) {
    throw usage_error("sampling.corrections", "needs a model that was trained to see given words, expected model.given_flag=true",
                      "sample with --set sampling.corrections=0");
  }
  // What moves latents says nothing of a single word.
  const bool moves_latents = steering != nullptr && steering->pulls_latents();
  if (options.corrections > 0 && options.rounding == "model" && !moves_latents) {
    corrector_.emplace(model, table_, options.improbable, options.temperature);
  }
}

void DiffusionGenerator::check_can_go_on(int64_t length) const {
  const auto refuse = [&](const std::string& why) {
    throw usage_error("--length", fmt::format("{} is longer than the model's {} tokens, and {}", length, run_.length, why));
  };
  if (!model_.given_flag()) refuse("a model without model.given_flag cannot go on from what is written");
  if (steering_ != nullptr) refuse("steered texts are written as one sequence");
}

std::unique_ptr<Rounding> DiffusionGenerator::other_rounding(const std::string& name) const {
  auto rounding = roundings().make(name, run_.config, RoundingShape{table_.size(0), table_.size(1)});
  if (!rounding->parameters().empty()) {
    throw usage_error("sampling.rounding", fmt::format("'{}' has to be learned with the model, expected cosine or nearest", name));
  }
  return rounding;
}

Tensor DiffusionGenerator::pulled_estimate(const Estimate& estimate, const DenoiseInput& input, double u) {
  const double temperature = options_.temperature;
  const Tensor logits = model_.logits(estimate.point, table_);
  const Tensor own = (logits / temperature).softmax(-1);
  scores_ = logits;
  if (fluency_) scores_ = scores_ + options_.fluency * fluency_->messages(own);
  if (steering_ != nullptr && steering_->pulls_words()) {
    Tensor words = (scores_ / temperature).softmax(-1);
    if (settled_.words.defined()) {
      const Tensor known = torch::one_hot(settled_.words.clamp_min(0), table_.size(0)).to(words.dtype());
      words = torch::where((settled_.words >= 0).unsqueeze(-1), known, words);
    }
    const Tensor pull = steering_->pull_words({words, input.given, input.x_t, u, table_});
    if (pull.defined()) scores_ = scores_ + temperature * pull;
  }
  const Tensor pulled = (scores_ / temperature).softmax(-1);
  if (model_.parametrisation().has_logits()) return torch::matmul(pulled, table_);
  return estimate.x0 + torch::matmul(pulled - own, table_);
}

Rounding::Best DiffusionGenerator::pinned(const std::vector<int64_t>& indices, int64_t length) const {
  const auto rows = static_cast<int64_t>(indices.size());
  Rounding::Best best = nothing_settled(rows, length, torch::kCPU);
  bool any = false;
  for (int64_t row = 0; row < rows && steering_ != nullptr; ++row) {
    const Sequence pins = steering_->pins(indices[static_cast<size_t>(row)], length);
    for (size_t at = 0; at < pins.size(); ++at) {
      if (pins[at] < 0) continue;
      any = true;
      best.words[row][static_cast<int64_t>(at)] = pins[at];
      best.probability[row][static_cast<int64_t>(at)] = 1;
    }
  }
  if (!any && !settles_) return {};
  return {best.words.to(table_.device()), best.probability.to(table_.device())};
}

Rounding::Best DiffusionGenerator::model_words(const Tensor& points) {
  if (!scores_.defined()) return model_.best(points, table_);
  const auto [probability, words] = scores_.softmax(-1).max(-1);
  return {words, probability};
}

void DiffusionGenerator::settle_certain(const Tensor& points) {
  const Rounding::Best best = model_words(points);
  const Tensor certain = (settled_.words < 0).logical_and(best.probability > options_.settle);
  settled_ = where(certain, best, settled_);
}

Rounding::Best DiffusionGenerator::settled(const Rounding::Best& best) const {
  return settled_.words.defined() ? where(settled_.words >= 0, settled_, best) : best;
}

Rounding::Best DiffusionGenerator::words_of(const Tensor& points, Rounding* rounding) {
  return settled(rounding != nullptr ? rounding->best(points, table_) : model_words(points));
}

Rounding::Best DiffusionGenerator::finished_words(const Tensor& points, std::vector<RandomStream>& random) {
  if (!mixed_) return words_of(points, rounding_.get());
  const Tensor scores = scores_.defined() ? scores_ : model_.logits(points, table_);
  const Rounding::Best words = mixed_->decode(scores, settled_.words, options_.temperature, random);
  return {words.words.to(table_.device()), words.probability.to(table_.device())};
}

void DiffusionGenerator::move_on(const Rounding::Best& block, int64_t fresh) {
  const int64_t kept = block.words.size(1) - fresh;
  const auto from = [&](const Tensor& tensor, int64_t begin, int64_t count) { return tensor.narrow(1, begin, count); };
  before_ = behind(before_, {from(block.words, 0, fresh), from(block.probability, 0, fresh)});
  settled_ = behind({from(block.words, fresh, kept), from(block.probability, fresh, kept)},
                    nothing_settled(block.words.size(0), fresh, table_.device()));
}

std::vector<SampledText> DiffusionGenerator::read_texts(const Rounding::Best& block, const std::vector<int64_t>& indices) {
  const Rounding::Best whole = behind(before_, block);
  const Tensor ids = whole.words.to(torch::kCPU).contiguous();
  const Tensor sure = whole.probability.mean(1).to(torch::kCPU, torch::kFloat64).contiguous();
  std::vector<SampledText> texts;
  for (size_t row = 0; row < indices.size(); ++row) {
    const int64_t* first = ids.data_ptr<int64_t>() + static_cast<int64_t>(row) * ids.size(1);
    const std::vector<Token> sequence(first, first + ids.size(1));
    SampledText text;
    text.index = indices[row];
    text.tokens = run_.packing->unpack(sequence);
    text.text = run_.tokenizer->decode(text.tokens);
    text.confidence = sure.data_ptr<double>()[row];
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<SampledText> DiffusionGenerator::generate(const std::vector<int64_t>& indices, int64_t length,
                                                      const SampleEvents& events, bool& stopped) {
  const torch::Device device = table_.device();
  const auto rows = static_cast<int64_t>(indices.size());
  const int64_t block = std::min(length, run_.length);  // tokens written at a time
  const int64_t stride = (block + 1) / 2;               // of these, how many are new after the first block
  const auto blocks = static_cast<size_t>(1 + (length - block + stride - 1) / stride);
  if (blocks > 1) check_can_go_on(length);
  std::vector<uint64_t> seeds;
  for (const int64_t index : indices) seeds.push_back(stream_seed(request_.seed, "sample", static_cast<uint64_t>(index)));
  RowNoise noise(seeds, block, table_.size(1), device);
  ClampRule clamp;
  if (options_.clamp == "always") {
    clamp = [&](const Tensor& x0) { return DiffusionModel::embed(model_.nearest(x0, table_), table_); };
  }

  settled_ = pinned(indices, block);
  before_ = {};
  const auto with_settled = [&](const Tensor& x, const Tensor& where) {
    return torch::where(where.unsqueeze(-1), DiffusionModel::embed(settled_.words.clamp_min(0), table_), x);
  };

  const ToldLabels told = steering_ != nullptr ? steering_->told() : ToldLabels();
  const auto labels = model_.label_embedding();
  const Tensor told_labels = labels ? to_tensor(told, rows, static_cast<int64_t>(labels->labels().size()), device) : Tensor();

  Tensor point;  // where the rounding should look for the words of the last estimate
  const DenoiseFunction denoiser = [&](const Tensor& x_t, double u, const Tensor& previous) {
    DenoiseInput input = {x_t,         torch::full({rows}, u, torch::TensorOptions().dtype(torch::kFloat64).device(device)),
                          previous,    {},
                          told_labels, told.guidance};
    if (settled_.words.defined()) {
      const Tensor given = settled_.words >= 0;
      input.x_t = with_settled(x_t, given);
      input.given = given.to(torch::kFloat32);
    }
    const bool makes_x0 = !pulls_words() || !model_.parametrisation().has_logits();
    const Estimate estimate = model_.estimate(input, table_, options_.temperature, makes_x0);
    point = estimate.point;
    const Tensor x0 = pulls_words() ? pulled_estimate(estimate, input, u) : estimate.x0;
    if (settles_) settle_certain(point);
    return x0;
  };
  StepHook after_step;
  if (steering_ != nullptr && steering_->pulls_latents()) {
    after_step = [&](const Tensor& x, const SamplerMove& move, const Tensor& x0, double u) {
      if (!settled_.words.defined()) return steering_->pull_latents({x, u, move, x0, {}, table_});
      const Tensor given = settled_.words >= 0;
      return steering_->pull_latents({with_settled(x, given), u, move, x0, given.to(torch::kFloat32), table_});
    };
  }
  std::vector<RandomStream> words_random;
  std::vector<RandomStream> correction_random;
  for (const uint64_t seed : seeds) {
    words_random.emplace_back(seed, "mixed");
    correction_random.emplace_back(seed, "corrections");
  }
  const size_t corrections = corrector_ ? static_cast<size_t>(options_.corrections) : 0;
  Rounding::Best finished;
  for (size_t at = 0; at < blocks && !stopped; ++at) {
    if (at > 0) move_on(finished, std::min(stride, length - block - static_cast<int64_t>(at - 1) * stride));
    const StepObserver observer = [&](const StepView& view) {
      if (clamp || rounding_) {
        point = view.x0;
        scores_ = Tensor();
      }
      const bool goes_on = !mixed_ || view.u > mixed_->from();
      if (!events.on_step) return goes_on;
      const auto texts = [&] { return read_texts(words_of(point, rounding_.get()), indices); };
      const auto texts_by = [&](const std::string& name) {
        return read_texts(words_of(view.x0, other_rounding(name).get()), indices);
      };
      const size_t count = view.count + corrections;
      stopped = !events.on_step({at * count + view.index, blocks * count, view.u, indices, texts, texts_by});
      return goes_on && !stopped;
    };
    const Tensor fixed = settled_.words.defined() ? settled_.words >= 0 : Tensor();
    const auto sampler = samplers().make(options_.sampler, run_.config);
    const Tensor start = noise();
    denoise(denoiser, *sampler, model_.process(), model_.process().sampling_times(options_.steps), start, std::ref(noise), clamp,
            observer, after_step);
    finished = finished_words(point, words_random);
    for (size_t sweep = 0; sweep < corrections && !stopped; ++sweep) {
      corrector_->sweep(finished, fixed, {{}, {}, {}, {}, told_labels, told.guidance}, std::ref(noise), correction_random,
                        steering_);
      if (!events.on_step) continue;
      const size_t count = static_cast<size_t>(options_.steps) + corrections;
      const auto texts = [&] { return read_texts(finished, indices); };
      const auto texts_by = [&](const std::string&) { return texts(); };
      stopped =
          !events.on_step({at * count + static_cast<size_t>(options_.steps) + sweep, blocks * count, 0, indices, texts, texts_by});
    }
  }
  return read_texts(finished, indices);
}

}  // namespace difflm
