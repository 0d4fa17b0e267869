// The public interface (include/difflm/difflm.h) over the library's inside.
#include "difflm/core/error.h"
#include "difflm/difflm.h"
#include "difflm/model/runtime.h"
#include "difflm/sampling/generate.h"

namespace difflm {

struct Model::Inside {
  Run run;
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

Model Model::open(const std::string& folder, int threads) {
  return guarded([&] {
    auto inside = std::make_unique<Inside>(Inside{open_run(folder)});
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

Facts Model::facts() const {
  const Run& run = inside_->run;
  return {run.model->kind(), run.model->parameter_count(),        run.tokenizer->size(),
          run.length,        run.state.value("step", int64_t{0}), run.config.to_toml()};
}

}  // namespace difflm
