// A trained model that writes: sampling and steering.
#include <cmath>
#include <mutex>

#include "difflm/api/guarded.h"
#include "difflm/api/model_info.h"
#include "difflm/api/run_settings.h"
#include "difflm/api/scored_tokens.h"
#include "difflm/evaluation/evaluation.h"
#include "difflm/evaluation/judge/kneser_ney.h"
#include "difflm/evaluation/written_texts.h"
#include "difflm/model/runtime.h"
#include "difflm/sampling/likeliest_tokens.h"
#include "difflm/steering/steer.h"
#include "difflm/steering/word_pulls.h"

namespace difflm {
namespace {

Piece::State to_state(TokenState state) {
  switch (state) {
    case TokenState::draft:
      return Piece::State::draft;
    case TokenState::given:
      return Piece::State::given;
    case TokenState::committed:
      break;
  }
  return Piece::State::committed;
}

Text to_text(const SampledText& sample, const Tokenizer& tokenizer) {
  Text text;
  text.index = sample.index;
  text.text = sample.text;
  text.tokens = static_cast<int64_t>(sample.tokens.size());
  text.confidence = sample.confidence;
  for (size_t at = 0; at < sample.tokens.size(); ++at) {
    text.pieces.push_back(
        {tokenizer.piece(sample.tokens[at]), sample.tokens[at], sample.probabilities[at], to_state(sample.states[at])});
  }
  return text;
}

Text to_text(const SteeredSample& made, const Tokenizer& tokenizer) {
  Text text = to_text(made.sample, tokenizer);
  for (const auto& outcome : made.outcomes) text.wishes.push_back({outcome.fulfilled, outcome.log_probability, outcome.rating});
  text.network_evaluations = made.cost.network;
  text.guide_evaluations = made.cost.guides;
  return text;
}

std::vector<Text> to_texts(const std::vector<SampledText>& samples, const Tokenizer& tokenizer) {
  std::vector<Text> texts;
  texts.reserve(samples.size());
  for (const auto& sample : samples) texts.push_back(to_text(sample, tokenizer));
  return texts;
}

using LogProbabilities = std::vector<std::vector<std::optional<double>>>;  // [text][wish]; empty where nothing steers

Snapshot to_snapshot(const SampleStep& step, const LogProbabilities& wishes, const Tokenizer& tokenizer) {
  Snapshot snapshot = {static_cast<int64_t>(step.index), static_cast<int64_t>(step.count), step.u, {}, {}, {}};
  snapshot.texts = [&step, &wishes, &tokenizer] {
    auto texts = to_texts(step.texts(), tokenizer);
    for (size_t row = 0; row < wishes.size(); ++row) {
      for (const auto& value : wishes[row]) texts[row].wishes.push_back({{}, value, {}});
    }
    return texts;
  };
  if (step.texts_by)
    snapshot.texts_by = [&step, &tokenizer](const std::string& rounding) { return to_texts(step.texts_by(rounding), tokenizer); };
  return snapshot;
}

std::vector<WishSpec> specs_of(const std::vector<Wish>& wishes) {
  std::vector<WishSpec> specs;
  for (const auto& wish : wishes) specs.push_back({wish.guide, wish.text});
  return specs;
}

// Throws a usage error for a number that is no token.
std::vector<Token> known_tokens(const std::vector<int64_t>& numbers, const Tokenizer& tokenizer) {
  std::vector<Token> tokens;
  for (const int64_t number : numbers) {
    if (number < 0 || number >= tokenizer.size()) {
      throw usage_error("tokens", fmt::format("hold {}, expected 0 to {}", number, tokenizer.size() - 1));
    }
    tokens.push_back(static_cast<Token>(number));
  }
  return tokens;
}

double perplexity(const Judge& judge, const std::string& text) {
  const Judge::Score score = judge.score({text}).front();
  return std::exp(score.nats / static_cast<double>(score.tokens));
}

}  // namespace

struct Model::Inside {
  Inside(const std::string& folder, const std::vector<std::string>& settings) : run(open_run(folder)), resources(run) {
    run.config = with_settings(run.config, settings, {"sampling", "control", "runtime", "evaluation"});
    use_runtime(read_options<RuntimeOptions>(run.config, "runtime"), *run.model);
  }

  std::vector<Text> sample(const Request& request, Callbacks& callbacks);
  std::vector<Text> unsteered(Run& own, const Request& request, const SampleRequest& inner, Callbacks& callbacks);
  std::vector<Text> steered(Run& own, const Request& request, const SampleRequest& inner, Callbacks& callbacks);

  // Calls request.on_text.
  void hand_out(Text text, const Request& request, Callbacks& callbacks);
  void add_perplexity(Text& text);

  // An n-gram model of the training texts; null where these are gone.
  const KneserNey* words();

  std::mutex mutex;  // of all below
  Run run;
  GuideResources resources;

 private:
  std::unique_ptr<KneserNey> words_;
};

const KneserNey* Model::Inside::words() {
  const std::string prepared = prepared_folder(run.config, run.folder);
  if (!words_ && is_prepared(prepared)) {
    std::vector<Words> training;
    for (const auto& text : as_the_model_writes(run, open_prepared(prepared).training)) training.push_back(counted_words(text));
    words_ = std::make_unique<KneserNey>(training, read_options<EvaluationOptions>(run.config, "evaluation").ngram_order);
  }
  return words_.get();
}

std::vector<Text> Model::Inside::unsteered(Run& own, const Request& request, const SampleRequest& inner, Callbacks& callbacks) {
  SampleEvents events;
  events.on_step = [&](const SampleStep& step) {
    return callbacks.ask([&] { return !request.on_step || request.on_step(to_snapshot(step, {}, *own.tokenizer)); });
  };
  int64_t made = 0;
  events.on_batch = [&](int64_t done, int64_t count) {
    made = done;
    if (request.on_batch) callbacks.tell([&] { request.on_batch(done, count); });
  };
  const int64_t before = own.model->evaluations();
  const auto evaluations = [&](double texts) { return static_cast<double>(own.model->evaluations() - before) / texts; };
  if (request.on_text) {
    events.on_text = [&](const SampledText& sample) {
      Text text = to_text(sample, *own.tokenizer);
      text.network_evaluations = evaluations(static_cast<double>(made));
      hand_out(std::move(text), request, callbacks);
    };
  }
  auto texts = to_texts(generate(own, read_options<SamplingOptions>(own.config, "sampling"), inner, events), *own.tokenizer);
  for (auto& text : texts) text.network_evaluations = evaluations(static_cast<double>(texts.size()));
  return texts;
}

std::vector<Text> Model::Inside::steered(Run& own, const Request& request, const SampleRequest& inner, Callbacks& callbacks) {
  const auto wishes = specs_of(request.wishes);
  SteeringEvents events;
  events.may_change = request.may_steer;
  events.on_step = [&](const SteeredSampleStep& view) {
    return callbacks.ask([&] {
      if (!request.on_step) return true;
      Snapshot snapshot = to_snapshot(view.step, view.log_probabilities, *own.tokenizer);
      if (request.may_steer)
        snapshot.steer = [&view](const std::vector<Wish>& wanted) { guarded([&] { view.change(specs_of(wanted)); }); };
      return request.on_step(snapshot);
    });
  };
  if (request.on_batch) {
    events.on_batch = [&](int64_t done, int64_t count) { callbacks.tell([&] { request.on_batch(done, count); }); };
  }
  if (request.on_text) {
    events.on_text = [&](const SteeredSample& made) { hand_out(to_text(made, *own.tokenizer), request, callbacks); };
  }
  std::vector<Text> texts;
  for (const auto& made : steer(own, resources, read_options<SamplingOptions>(own.config, "sampling"),
                                read_options<SteeringOptions>(own.config, "control"), wishes, inner, events)) {
    texts.push_back(to_text(made, *own.tokenizer));
  }
  return texts;
}

std::vector<Text> Model::Inside::sample(const Request& request, Callbacks& callbacks) {
  Run own = run;  // its settings are this request's alone; the model is shared
  if (!request.settings.empty()) own.config = with_settings(own.config, request.settings, {"sampling", "control"});
  if (request.steps) own.config.set("sampling.steps", {*request.steps, "request"});
  if (request.temperature) own.config.set("sampling.temperature", {*request.temperature, "request"});
  use_classifiers(own.config,
                  {request.classifiers.classifier, request.classifiers.span_classifier, request.classifiers.prefix_classifier});
  if (request.length && *request.length < 1) {
    throw usage_error("length", fmt::format("is {}, expected at least 1", *request.length));
  }
  if (request.longest && *request.longest < 1) {
    throw usage_error("longest", fmt::format("is {}, expected at least 1", *request.longest));
  }
  use_threads(read_options<RuntimeOptions>(own.config, "runtime"));  // OpenMP's number is that of the calling thread
  SampleRequest inner = {request.count, request.seed, request.length.value_or(0), request.longest.value_or(0)};
  for (const auto& key : request.keys) inner.keys.push_back({key.seed, key.index});
  if (request.start) {
    inner.start = {known_tokens(request.start->tokens, *own.tokenizer), request.start->kept, request.start->noise};
  }
  if (!inner.keys.empty()) inner.count = static_cast<int64_t>(inner.keys.size());
  if (!inner.keys.empty() && (request.may_steer || !request.wishes.empty())) {
    throw usage_error("keys", "are of texts without wishes", "ask for the texts of one seed: `seed` and `count`");
  }
  auto texts = request.wishes.empty() && !request.may_steer ? unsteered(own, request, inner, callbacks)
                                                            : steered(own, request, inner, callbacks);
  if (request.on_text) return {};  // what a stop left unfinished is no text yet
  if (request.ngram_perplexity) {
    for (auto& text : texts) add_perplexity(text);
  }
  return texts;
}

void Model::Inside::hand_out(Text text, const Request& request, Callbacks& callbacks) {
  if (request.ngram_perplexity) add_perplexity(text);
  callbacks.tell([&] { request.on_text(text); });
}

void Model::Inside::add_perplexity(Text& text) {
  const KneserNey* judge = words();
  if (judge != nullptr) text.ngram_perplexity = perplexity(*judge, text.text);
}

Model::Model(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

Model Model::open(const std::string& folder, const std::vector<std::string>& settings) {
  return guarded([&] { return Model(std::make_unique<Inside>(folder, settings)); });
}

std::vector<Text> Model::sample(const Request& request) const {
  Callbacks callbacks;
  const std::lock_guard lock(inside_->mutex);
  return callbacks.around([&] { return inside_->sample(request, callbacks); });
}

std::vector<int64_t> Model::encode(const std::string& text) const {
  return guarded([&] {
    const auto tokens = inside_->run.tokenizer->encode(text);
    return std::vector<int64_t>(tokens.begin(), tokens.end());
  });
}

std::string Model::decode(const std::vector<int64_t>& tokens) const {
  return guarded([&] {
    const Tokenizer& tokenizer = *inside_->run.tokenizer;
    return tokenizer.decode(known_tokens(tokens, tokenizer));
  });
}

std::vector<Alternative> Model::likeliest(const std::vector<int64_t>& tokens, int64_t place, int64_t count,
                                          const std::vector<Wish>& wishes) const {
  return guarded([&] {
    const std::lock_guard lock(inside_->mutex);
    Run& run = inside_->run;
    const auto text = known_tokens(tokens, *run.tokenizer);
    const auto words = likeliest_tokens(run, text, place, count);
    std::vector<Alternative> alternatives;
    for (const auto& word : words) alternatives.push_back({run.tokenizer->piece(word.token), word.token, word.probability, {}});
    if (wishes.empty()) return alternatives;
    for (const auto& of_wish : word_pulls(run, inside_->resources, specs_of(wishes), text, place, words)) {
      for (size_t at = 0; at < words.size(); ++at) alternatives[at].pulls.push_back(of_wish[at]);
    }
    return alternatives;
  });
}

std::vector<ScoredToken> Model::score(const std::string& text) const {
  return guarded([&] {
    const std::lock_guard lock(inside_->mutex);
    return scored_tokens(inside_->run, text);
  });
}

ModelInfo Model::info() const {
  return guarded([&] { return info_of(inside_->run); });
}

}  // namespace difflm
