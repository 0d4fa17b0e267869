// The public interface (include/difflm/difflm.h) over the library's inside.
#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/difflm.h"
#include "difflm/model/runtime.h"
#include "difflm/sampling/generate.h"
#include "difflm/sampling/sampler.h"
#include "difflm/steering/control.h"
#include "difflm/steering/update_rule.h"

namespace difflm {

struct Model::Inside {
  explicit Inside(const std::string& folder) : run(open_run(folder)), resources(run) {}
  Run run;
  GuideResources resources;
};

namespace {

Text to_text(const SampledText& sample) { return {sample.index, sample.text, sample.confidence}; }

std::vector<Text> to_texts(const std::vector<SampledText>& samples) {
  std::vector<Text> texts;
  texts.reserve(samples.size());
  for (const auto& sample : samples) texts.push_back(to_text(sample));
  return texts;
}

// Throws a usage error for a key that is not of the sections sampling and control.
void check_setting(const std::string& key) {
  std::vector<std::string> known;
  const auto add = [&](const std::vector<OptionInfo>& options) {
    for (const auto& option : options) known.push_back(option.key);
  };
  add(list_options<SamplingOptions>("sampling"));
  add(list_options<ControlOptions>("control"));
  for (const auto& family : {samplers().info(), guides().info(), update_rules().info()}) {
    for (const auto& variant : family.variants) add(variant.list(family.section(variant.name)));
  }
  if (std::find(known.begin(), known.end(), key) != known.end()) return;
  const std::string nearest = nearest_name(key, known);
  throw usage_error("settings", "'" + key + "' is not a key of the sections sampling and control",
                    nearest.empty() ? "`difflm list --all` shows them" : "did you mean '" + nearest + "'?");
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
    auto inside = std::make_unique<Inside>(folder);
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
      check_setting(setting.substr(0, setting.find('=')));
      run.config.read_override(setting);
    }
    use_classifiers(run.config, {request.classifier, request.span_classifier, request.prefix_classifier});
    SampleRequest inner;
    inner.count = request.count;
    inner.seed = request.seed;
    std::vector<WishSpec> wishes;
    for (const auto& wish : request.wishes) wishes.push_back({wish.guide, wish.text});
    std::vector<SteeredText> result;
    for (const auto& text : difflm::control(run, inside_->resources, read_options<SamplingOptions>(run.config, "sampling"),
                                            read_options<ControlOptions>(run.config, "control"), wishes, inner)) {
      result.push_back({to_text(text.sample), {}});
      for (const auto& outcome : text.outcomes) result.back().holds.push_back(outcome.holds);
    }
    return result;
  });
}

Facts Model::facts() const {
  const Run& run = inside_->run;
  return {run.model->kind(), run.model->parameter_count(),        run.tokenizer->size(),
          run.length,        run.progress.step, run.config.to_toml()};
}

}  // namespace difflm
