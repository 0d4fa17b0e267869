#include "difflm/training/trainer.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "difflm/core/files.h"
#include "difflm/training/rate_plan.h"
#include "difflm/training/unigrams.h"

namespace difflm {
namespace {

using Clock = std::chrono::steady_clock;

class Loop {
 public:
  Loop(const TrainingRun& run, const TrainEvents& events)
      : run_(run),
        events_(events),
        options_(read_options<TrainOptions>(run.config, "train")),
        device_(use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *run.model)) {
    options_.check_budget();
    parameters_ = std::make_unique<FlatParameters>(*run_.model);
    optimizer_ = std::make_unique<Optimizer>(*parameters_, read_options<OptimizerOptions>(run.config, "train"));
    rate_ = std::make_unique<RatePlan>(options_, learning_rates().make(options_.schedule, run.config));
    objective_ = make_objective(run_, count_unigrams(run_.data.training, run_.data.tokenizer->size()));
    stream_ = std::make_unique<BatchStream>(run_.data.training, *run_.packing, run_.length, options_.batch, seed());
    validation_ =
        validation_batches(run_.data.validation, *run_.packing, run_.length, options_.batch, options_.validation_sequences);
    if (validation_.empty()) {
      throw usage_error("data.validation", "the held-out texts give no sequence", "hold out more, or shorten data.length");
    }
    for (auto& batch : validation_) batch.tokens = batch.tokens.to(device_);
    if (has_checkpoint(run_.folder)) resume();
    for (const auto& name : options_.trackers)
      trackers_.push_back(trackers().make(name, run.config, {run_.folder, progress_.step}));
  }

  TrainOutcome run() {
    start_ = Clock::now();
    seconds_before_ = progress_.seconds;
    bool early = false;
    while (spent() < 1 && !early) {
      if (events_.stop && events_.stop()) {
        save();
        return {TrainOutcome::End::interrupted, progress_};
      }
      step();
      if (due(options_.validate_every)) early = validate();
      if (due(options_.sample_every)) sample();
      if (due(options_.checkpoint_every)) save();
    }
    if (!early && !due(options_.validate_every) && progress_.step > 0) early = validate();
    progress_.finished = true;
    save();
    return {early ? TrainOutcome::End::early_stopped : TrainOutcome::End::finished, progress_};
  }

 private:
  uint64_t seed() const { return static_cast<uint64_t>(options_.seed); }
  bool due(int64_t every) const { return every > 0 && progress_.step % every == 0; }

  void resume() {
    progress_ = load_checkpoint(run_.folder, *run_.model, *optimizer_);
    const std::string change = rate_->resume(progress_, spent(), full_rate());
    if (!change.empty() && events_.on_message) events_.on_message(change);
    progress_.finished = false;
    saved_step_ = progress_.step;
    stream_->skip(progress_.step * options_.accumulate);
  }

  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  double spent() const {
    const double by_steps = options_.steps > 0 ? static_cast<double>(progress_.step) / static_cast<double>(options_.steps) : 0;
    const double by_time = options_.minutes > 0 ? progress_.seconds / (60 * options_.minutes) : 0;
    return std::max(by_steps, by_time);
  }

  double full_rate() const { return read_options<OptimizerOptions>(run_.config, "train").learning_rate; }

  [[noreturn]] void diverged(int64_t at, const std::string& what) const {
    const std::string last =
        has_checkpoint(run_.folder)
            ? fmt::format("the last good checkpoint is that of step {} in {}/checkpoint", saved_step_, run_.folder)
            : "there is no checkpoint yet";
    throw failure(fmt::format("step {}", at), fmt::format("{} is not finite; {}", what, last),
                  "a smaller train.learning_rate or a longer train.warmup usually helps");
  }

  void step() {
    run_.model->train();
    parameters_->gradients().zero_();
    NamedValues terms;
    double total = 0;
    int64_t useful = 0;
    std::vector<BatchParts> batches;
    int64_t rows = 0;
    for (int64_t i = 0; i < options_.accumulate; ++i) rows += rows_of(batches.emplace_back(stream_->next()));
    for (int64_t at = 0; at < options_.accumulate; ++at) {
      const uint64_t batch_seed = stream_seed(seed(), "step", static_cast<uint64_t>(progress_.step * options_.accumulate + at));
      torch::manual_seed(batch_seed);  // dropout
      BatchParts& batch = batches[static_cast<size_t>(at)];
      for (auto& part : batch) {
        part.tokens = part.tokens.to(device_);
        useful += part.useful;
      }
      const TrainingLoss loss = objective_->training(batch, progress_.step, batch_seed);
      for (const auto& [name, value] : loss.terms) {
        if (!std::isfinite(value)) diverged(progress_.step + 1, fmt::format("the loss term '{}'", name));
      }
      const double share = static_cast<double>(rows_of(batch)) / static_cast<double>(rows);
      (loss.total * share).backward();
      total += share * loss.total.item<double>();
      for (size_t i = 0; i < loss.terms.size(); ++i) {
        if (at == 0) terms.emplace_back(loss.terms[i].first, 0);
        terms[i].second += share * loss.terms[i].second;
      }
    }
    const double factor = rate_->factor(progress_.step, std::min(1.0, spent()));
    const double norm = optimizer_->step(factor);
    if (!std::isfinite(norm)) diverged(progress_.step + 1, "the gradient");
    ++progress_.step;
    progress_.tokens += useful;
    const double before = progress_.seconds;
    progress_.seconds = seconds_before_ + elapsed();
    running_loss_ = running_loss_ == 0 ? total : 0.95 * running_loss_ + 0.05 * total;
    const double speed = static_cast<double>(useful) / std::max(1e-9, progress_.seconds - before);
    running_speed_ = running_speed_ == 0 ? speed : 0.9 * running_speed_ + 0.1 * speed;
    if (events_.on_step) {
      const double share = spent();
      events_.on_step({progress_.step, options_.steps, share, progress_.seconds,
                       progress_.seconds * (1 - share) / std::max(share, 1e-9), running_speed_, running_loss_});
    }
    if (due(options_.log_every) || progress_.step == 1) log_step(terms, total, norm, factor);
  }

  void log_step(const NamedValues& terms, double total, double norm, double factor) {
    TrackedStep line = {progress_.step, {{"train/loss", total}}};
    for (const auto& [name, value] : terms) line.values.emplace_back("train/" + name, value);
    line.values.emplace_back("learning_rate", factor * full_rate());
    line.values.emplace_back("gradient_norm", norm);
    line.values.emplace_back("tokens_per_second", running_speed_);
    line.values.emplace_back("seconds", progress_.seconds);
    for (const auto& tracker : trackers_) tracker->log(line);
  }

  // Validates the averaged weights; true when patience has run out.
  bool validate() {
    run_.model->eval();
    ValidationLoss result;
    bool better = false;
    parameters_->with_values(optimizer_->average(), [&] {
      result = objective_->validate(validation_);
      if (!std::isfinite(result.loss)) diverged(progress_.step, "the validation loss");
      better = progress_.best_step < 0 || result.loss < progress_.best_loss;
      if (better && options_.patience > 0) {
        write_safetensors(run_.folder + "/best.safetensors", model_tensors(*run_.model),
                          {{"format", "difflm"}, {"step", fmt::format("{}", progress_.step)}});
      }
    });
    progress_.validations_since_best = better ? 0 : progress_.validations_since_best + 1;
    if (better) {
      progress_.best_loss = result.loss;
      progress_.best_step = progress_.step;
    }
    TrackedStep line = {progress_.step, {{"validation/loss", result.loss}}};
    for (const auto& [name, value] : result.values) line.values.emplace_back("validation/" + name, value);
    for (const auto& tracker : trackers_) tracker->log(line);
    if (events_.on_validation) events_.on_validation(progress_.step, result);
    return options_.patience > 0 && progress_.validations_since_best >= options_.patience;
  }

  void sample() {
    if (!events_.on_sample) return;
    run_.model->eval();
    std::vector<std::string> texts;
    parameters_->with_values(optimizer_->average(), [&] { texts = events_.on_sample(progress_.step); });
    for (const auto& tracker : trackers_) tracker->texts("samples", texts, progress_.step);
  }

  void save() {
    progress_.rate = rate_->state();
    save_checkpoint(run_.folder, *run_.model, *parameters_, *optimizer_, progress_);
    saved_step_ = progress_.step;
    if (events_.on_checkpoint) events_.on_checkpoint(progress_.step);
  }

  const TrainingRun& run_;
  const TrainEvents& events_;
  TrainOptions options_;
  torch::Device device_;
  std::unique_ptr<FlatParameters> parameters_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<RatePlan> rate_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<BatchStream> stream_;
  std::vector<Batch> validation_;
  std::vector<std::unique_ptr<Tracker>> trackers_;
  Progress progress_;
  int64_t saved_step_ = 0;
  Clock::time_point start_;
  double seconds_before_ = 0;
  double running_loss_ = 0;
  double running_speed_ = 0;
};

}  // namespace

TrainOutcome train(const TrainingRun& run, const TrainEvents& events) { return Loop(run, events).run(); }

}  // namespace difflm
