// The public interface (include/difflm/difflm.h) over the library's inside.
#include "difflm/control/control.h"
#include "difflm/core/error.h"
#include "difflm/difflm.h"
#include "difflm/model/runtime.h"
#include "difflm/sampling/generate.h"

namespace difflm {

struct Model::Inside {
  Run run;
  TrainingTexts texts;
};

namespace {

Text to_text(const SampledText& sample) { return {sample.index, sample.text, sample.confidence}; }

std::vector<Text> to_texts(const std::vector<SampledText>& samples) {
  std::vector<Text> texts;
  texts.reserve(samples.size());
  for (const auto& sample : samples) texts.push_back(to_text(sample));
  return texts;
}

// Callers see one exception type and no Torch error.
template <class Work>
auto guarded(Work work) {
  try {
    return work();
  } catch (const RunError&) {
    throw;
  } catch (const std::exception& error) {
    throw RunError(error.what());
  }
}

}  // namespace

Model::Model(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

Model::Inside Model::open_inside(const std::string& folder) {
  Run run = open_run(folder);
  TrainingTexts texts(run);
  return {std::move(run), std::move(texts)};
}

Model Model::open(const std::string& folder, int threads) {
  return guarded([&] {
    auto inside = std::make_unique<Inside>(open_inside(folder));
    auto runtime = read_options<RuntimeOptions>(inside->run.config, "runtime");
    runtime.threads = threads;
    use_runtime(runtime, *inside->run.model);
    return Model(std::move(inside));
  });
}

std::vector<Text> Model::sample(const Request& request) const {
  return guarded([&] {
    auto options = read_options<SamplingOptions>(inside_->run.config, "sampling");
    if (request.steps > 0) options.steps = request.steps;
    if (request.temperature > 0) options.temperature = request.temperature;
    SampleRequest inner;
    inner.count = request.count;
    inner.seed = request.seed;
    inner.length = request.length;
    SampleEvents events;
    if (request.on_step) {
      events.on_step = [&](const SampleStep& step) {
        return request.on_step(
            {static_cast<int64_t>(step.index), static_cast<int64_t>(step.count), step.u, to_texts(step.texts())});
      };
    }
    return to_texts(generate(inside_->run, options, inner, events));
  });
}

std::vector<SteeredText> Model::control(const ControlRequest& request) const {
  return guarded([&] {
    Run run = inside_->run;  // its settings are this request's alone; the model is shared
    for (const auto& setting : request.settings) {
      if (!setting.starts_with("sampling.") && !setting.starts_with("control.")) {
        throw usage_error("settings", "'" + setting + "' cannot be changed, expected a key of the sections sampling or control");
      }
      run.config.read_override(setting);
    }
    if (!request.classifier.empty()) run.config.set("control.attribute.classifier", {request.classifier, "classifier"});
    SampleRequest inner;
    inner.count = request.count;
    inner.seed = request.seed;
    std::vector<SteeredText> result;
    for (const auto& text : difflm::control(run, inside_->texts, read_options<SamplingOptions>(run.config, "sampling"),
                                            read_options<ControlOptions>(run.config, "control"), request.wishes, inner)) {
      result.push_back({to_text(text.sample), {}});
      for (const auto& outcome : text.outcomes) result.back().holds.push_back(outcome.holds);
    }
    return result;
  });
}

Facts Model::facts() const {
  const Run& run = inside_->run;
  return {run.model->kind(), run.model->parameter_count(),        run.tokenizer->size(),
          run.length,        run.state.value("step", int64_t{0}), run.config.to_toml()};
}

}  // namespace difflm
