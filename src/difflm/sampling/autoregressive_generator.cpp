#include "difflm/sampling/autoregressive_generator.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "difflm/core/error.h"
#include "difflm/sampling/token_draw.h"

namespace difflm {

AutoregressiveGenerator::AutoregressiveGenerator(const Options&, const GeneratorSource& source)
    : run_(source.run),
      model_(source.model<AutoregressiveModel>()),
      options_(source.options),
      request_(source.request),
      steering_(source.steering),
      condition_(steering_ != nullptr ? steering_->condition() : Condition()),
      characters_(*source.run.tokenizer) {
  if (options_.rounding != "model") throw usage_error("sampling.rounding", "an autoregressive model has no latents to round");
  if (request_.start) throw usage_error("start", "needs a diffusion model: an autoregressive one writes word by word");
  if (!options_.judge.empty()) throw usage_error("sampling.judge", "an autoregressive model has no corrections to accept");
  if (options_.spelling == "known") words_.emplace(*run_.tokenizer);
}

Tensor AutoregressiveGenerator::window(const Tensor& inputs) const {
  if (inputs.size(1) <= model_.max_length()) return inputs;
  const int64_t kept = (model_.max_length() + 1) / 2;
  const Tensor end = inputs.narrow(1, inputs.size(1) - kept, kept);
  if (run_.packing->frame() == Frame::framed) return end;  // START is where a text begins, and nowhere else
  return torch::cat({torch::full_like(inputs.narrow(1, 0, 1), kStart), end}, 1);
}

Tensor AutoregressiveGenerator::next_logits(const Tensor& inputs) {
  if (condition_.labels.empty()) return model_.next_logits(inputs);
  const auto count = static_cast<int64_t>(model_.label_embedding()->labels().size());
  const Tensor logits = model_.next_logits(inputs, to_tensor(condition_, inputs.size(0), count, inputs.device()));
  if (condition_.guidance_scale == 1) return logits;
  const Tensor unconditional = model_.next_logits(inputs);
  return unconditional + condition_.guidance_scale * (logits - unconditional);
}

Tensor AutoregressiveGenerator::weighed(const Tensor& inputs, const Tensor& logits) {
  const int64_t count = std::min(steering_->next_candidates(), logits.size(1));
  const auto [scores, distribution] = logits.topk(count, 1);
  return torch::full_like(logits, -INFINITY).scatter(1, distribution, scores + steering_->guide_next_token(inputs, distribution));
}

Sequence AutoregressiveGenerator::beginning(int64_t index, int64_t most) const {
  if (steering_ == nullptr) return {};
  const bool framed = run_.packing->frame() == Frame::framed;
  Sequence given = steering_->pins(index, most + (framed ? 1 : 0));
  if (framed && !given.empty()) given.erase(given.begin());  // START
  given.erase(std::find_if(given.begin(), given.end(), [](Token token) { return token < 0; }), given.end());
  if (static_cast<int64_t>(given.size()) < most || request_.length == 0) return given;
  throw usage_error("length", fmt::format("is {} tokens, and the text begins with as many or more", most));
}

GeneratedBatch AutoregressiveGenerator::generate(const std::vector<int64_t>& indices, int64_t length, const SampleEvents& events) {
  const auto rows = static_cast<int64_t>(indices.size());
  const torch::Device device = model_.parameters().front().device();
  std::vector<RandomStream> random;
  for (const int64_t index : indices) random.emplace_back(request_.stream("sample", index));
  std::vector<std::vector<Token>> written(indices.size());
  std::vector<std::vector<double>> probabilities(indices.size());  // of each token written
  std::vector<size_t> open(indices.size());                        // unfinished texts; the batch holds these alone
  std::iota(open.begin(), open.end(), size_t{0});
  std::vector<Utf8State> states(indices.size(), Utf8State::whole);
  std::vector<WordPaths::State> words(indices.size(), WordPaths::kOutside);
  Tensor inputs = torch::full({rows, 1}, kStart, torch::TensorOptions().dtype(torch::kInt64).device(device));

  const int64_t most = request_.length > 0 ? request_.length : length;
  std::vector<Sequence> given;  // what each text begins with
  for (const int64_t index : indices) given.push_back(beginning(index, most));

  const auto read_texts = [&] {
    std::vector<SampledText> texts;
    for (size_t row = 0; row < indices.size(); ++row) {
      SampledText text;
      text.index = indices[row];
      for (const size_t position : run_.packing->positions(written[row])) {
        text.tokens.push_back(written[row][position]);
        text.probabilities.push_back(probabilities[row][position]);
        text.states.push_back(position < given[row].size() ? TokenState::given : TokenState::committed);
      }
      text.text = run_.tokenizer->decode(text.tokens);
      const double count = std::max<double>(1, static_cast<double>(written[row].size()));
      text.confidence = std::accumulate(probabilities[row].begin(), probabilities[row].end(), 0.0) / count;
      texts.push_back(std::move(text));
    }
    return texts;
  };
  bool stopped = false;
  const bool may_end = request_.length == 0 || run_.packing->frame() == Frame::stream;
  for (int64_t at = 0; at < most && !stopped; ++at) {
    inputs = window(inputs);
    Tensor logits = next_logits(inputs) / options_.temperature;  // [B,V]
    for (const Token token : {kStart, kUnknown, kPad}) logits.narrow(1, token, 1).fill_(-INFINITY);
    if (!may_end) logits.narrow(1, kEnd, 1).fill_(-INFINITY);
    const auto bar = [&](const auto& spelling, const auto& states_of) {
      std::decay_t<decltype(states_of)> of_open;
      for (const size_t text : open) of_open.push_back(states_of[text]);
      logits.masked_fill_(spelling.cannot_follow(of_open, most - at - 1).to(device), -INFINITY);
    };
    const auto is_given = [&](size_t text) { return at < static_cast<int64_t>(given[text].size()); };
    if (!std::all_of(open.begin(), open.end(), is_given)) {  // what is given may be spelled as no training text has it
      if (!characters_.empty()) bar(characters_, states);
      if (words_) bar(*words_, words);
      if (steering_ != nullptr && steering_->next_candidates() > 0) logits = weighed(inputs, logits);
    }
    const TokenDraw distribution(torch::softmax(logits.to(torch::kFloat64), -1), options_.top_p);
    std::vector<size_t> still_open;
    std::vector<int64_t> kept;  // rows of the batch
    std::vector<int64_t> next;
    for (size_t place = 0; place < open.size(); ++place) {
      const auto row = static_cast<int64_t>(place);
      const size_t text = open[place];
      const int64_t token = is_given(text) ? given[text][static_cast<size_t>(at)] : distribution.draw(row, random[text]);
      probabilities[text].push_back(distribution.probability(row, token));
      written[text].push_back(static_cast<Token>(token));
      if (!characters_.empty()) states[text] = characters_.after(states[text], token);
      if (words_) words[text] = words_->after(words[text], token);
      // In a stream END only separates documents, so a block continues to its full length.
      if (token == kEnd && run_.packing->frame() != Frame::stream) continue;
      still_open.push_back(text);
      kept.push_back(row);
      next.push_back(token);
    }
    open = std::move(still_open);
    const auto column = torch::tensor(next, torch::kInt64).unsqueeze(1).to(device);
    inputs = torch::cat({inputs.index_select(0, torch::tensor(kept, torch::kInt64).to(device)), column}, 1);
    if (events.on_step) {
      stopped = !events.on_step({static_cast<size_t>(at), static_cast<size_t>(most), 0, indices, read_texts, {}});
    }
    if (open.empty()) break;
  }
  return {read_texts(), stopped};
}

}  // namespace difflm
