#include "difflm/sampling/generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "difflm/model/model_kind.h"
#include "difflm/model/writer.h"
#include "difflm/sampling/autoregressive_generator.h"
#include "difflm/sampling/diffusion_generator.h"
#include "difflm/sampling/order.h"
#include "difflm/sampling/sampler.h"
#include "difflm/sampling/steering.h"

namespace difflm {
namespace {

// The longest sequence that is written unless another length is asked for: that of the longest training text, where the model has
// learned long ones in parts. But no more than so many sequences: a whole book is not to be written unasked.
constexpr int64_t kMostSequences = 16;

int64_t longest_sequence(const Run& run) {
  const auto& lengths = run.corpus.training.lengths;
  const Frame frame = run.packing->frame();
  if (frame == Frame::stream || lengths.empty() || !run.packing->long_texts().keeps_all()) return run.length;
  const int64_t longest = lengths.rbegin()->first + (frame == Frame::framed ? 2 : 0);
  return std::max(run.length, std::min(longest, kMostSequences * run.length));
}

// Token count -> training texts of that length, up to `longest`.
std::vector<std::pair<int64_t, int64_t>> length_histogram(const Run& run, int64_t longest) {
  std::vector<std::pair<int64_t, int64_t>> histogram;
  for (const auto& [length, count] : run.corpus.training.lengths) {
    if (length >= 1 && length <= longest) histogram.emplace_back(length, count);
  }
  return histogram;
}

// The texts of one length that are still to be made.
struct WaitingTexts {
  std::vector<int64_t> indices;  // rising
  size_t taken = 0;

  bool has(int64_t index) const { return taken < indices.size() && indices[taken] <= index; }

  std::vector<int64_t> take(int64_t count) {
    const size_t end = std::min(indices.size(), taken + static_cast<size_t>(count));
    const std::vector<int64_t> rows(indices.begin() + static_cast<std::ptrdiff_t>(taken),
                                    indices.begin() + static_cast<std::ptrdiff_t>(end));
    taken = end;
    return rows;
  }
};

int64_t draw_length(const std::vector<std::pair<int64_t, int64_t>>& histogram, RandomStream random) {
  int64_t total = 0;
  for (const auto& [length, count] : histogram) total += count;
  auto rest = static_cast<int64_t>(random.below(static_cast<uint64_t>(total)));
  for (const auto& [length, count] : histogram) {
    if (rest < count) return length;
    rest -= count;
  }
  return histogram.back().first;
}

void check_start(const SampleStart& start, const Tokenizer& tokenizer, int64_t longest) {
  const auto count = static_cast<int64_t>(start.tokens.size());
  if (count < 1 || count > longest) throw usage_error("start", fmt::format("has {} tokens, expected 1 to {}", count, longest));
  if (start.kept.size() != start.tokens.size()) {
    throw usage_error("start", fmt::format("says of {} tokens whether they are kept, expected {}", start.kept.size(), count));
  }
  if (start.noise < 0 || start.noise > 1) throw usage_error("start", fmt::format("has noise {}, expected 0 to 1", start.noise));
  for (const Token token : start.tokens) {
    if (token >= kSpecialTokens && token < tokenizer.size()) continue;
    throw usage_error("start",
                      fmt::format("holds {}, expected tokens of a text: {} to {}", token, kSpecialTokens, tokenizer.size() - 1));
  }
}

}  // namespace

const GeneratorFamily& generators() {
  using F = GeneratorFamily;
  static const F family("generator", "how each kind of model writes",
                        {
                            variant<F, DiffusionGenerator>("diffusion", "all words at once, out of noise"),
                            variant<F, AutoregressiveGenerator>("autoregressive", "word by word"),
                        });
  return family;
}

void SamplingOptions::describe(OptionVisitor& visitor) {
  visitor.choice("sampler", sampler, "how a step is taken (Gaussian noise)", difflm::samplers().names());
  visitor.choice("order", order, "which words are revealed first, where noise replaces words", reveal_orders().names());
  visitor.field("steps", steps, "denoising steps", {1, 1e6});
  visitor.field("temperature", temperature, "divides the logits; below 1 is safer and less varied", {1e-3, 100});
  visitor.field("top_p", top_p,
                "draw from the most probable tokens that have this share of the probability; 1: from all (not while latents are "
                "denoised, where nothing is drawn)",
                {0, 1});
  visitor.field("remask", remask, "share of the revealed words that are hidden again before each step (noise.process=mask)",
                {0, 1});
  visitor.field("fluency", fluency, "weight of the bigrams of the training text in each estimate; 0 is off", {0, 10});
  visitor.field(
      "settle", commit_threshold,
      "a token is final, and given to the network, once its probability is above this; 1: none before the end (Gaussian noise)",
      {0, 1});
  visitor.field("corrections", corrections,
                "sweeps over the finished text that redraw tokens from what the others make probable "
                "(not where a rule moves latents)",
                {0, 100});
  visitor.field("improbable", improbable,
                "redraw a token whose probability is below this fraction of the most probable one's; 1: every token", {0, 1});
  visitor.field(
      "judge", judge,
      "the run folder of an autoregressive model of the same texts and vocabulary, by which corrections are accepted; empty: "
      "all are");
  visitor.field("judge_share", judge_share,
                "how much of the judge is in the texts: 0: they are as the model writes them, 1: as the judge does", {0, 1});
  visitor.choice("spelling", spelling,
                 "of words that are not single tokens: free, or known, one that occurs in the training texts "
                 "(data.tokenizer=spaced; not where a rule moves latents)",
                 {"free", "known"});
  visitor.choice("clamp", clamp, "replace the estimate by the nearest embeddings", {"off", "always"});
  visitor.field("rounding", rounding,
                "how the finished latents become tokens: model, cosine, nearest, or mixed with an autoregressive model");
  visitor.field("batch", batch, "texts made at once", {1, 1e6});
}

std::vector<SampledText> generate(Run& run, const SamplingOptions& options, const SampleRequest& asked, const SampleEvents& events,
                                  Steering* steering) {
  const torch::NoGradGuard no_grad;
  SampleRequest request = asked;
  if (request.start) {
    check_start(*request.start, *run.tokenizer, run.length);
    request.length = static_cast<int64_t>(request.start->tokens.size());
  }
  if (request.count < 1) throw usage_error("count", fmt::format("is {}, expected at least 1", request.count));
  model_as<Writer>(run.model, run.folder);
  const auto generator = make_for_kind(generators(), run.model->kind(), GeneratorSource{run, options, request, steering});

  std::vector<int64_t> wanted;   // indices, rising
  std::vector<int64_t> lengths;  // of the sequence of each
  std::map<int64_t, WaitingTexts> by_length;
  // Steered texts are written as one sequence.
  int64_t longest = steering == nullptr && generator->writes_on() ? longest_sequence(run) : run.length;
  const bool can_be_shorter = generator->ends_texts_itself() || run.packing->frame() != Frame::framed;
  if (request.longest > 0 && can_be_shorter) longest = std::min(longest, request.longest);
  const auto histogram = length_histogram(run, longest);
  for (int64_t index = 0; index < request.count; ++index) {
    if (request.is_wanted && !request.is_wanted(index)) continue;
    int64_t length = longest;
    if (request.length > 0) {
      length = run.packing->sequence_length(request.length, run.length);
    } else if (run.packing->frame() == Frame::whole && !histogram.empty()) {
      length = draw_length(histogram, RandomStream(request.stream("length", index)));
    }
    if (steering != nullptr) {
      const int64_t chosen = steering->choose_length(index, length);
      if (request.start && chosen != length) {
        throw usage_error("start", fmt::format("has another length than the wishes need: {} tokens, not {}", length, chosen));
      }
      length = chosen;
    }
    wanted.push_back(index);
    lengths.push_back(generator->ends_texts_itself() ? longest : length);
    by_length[lengths.back()].indices.push_back(index);
  }
  // The first text that is missing decides which length is next: so the first texts come first, in batches as full as any.
  std::map<int64_t, SampledText> finished;
  std::vector<SampledText> unfinished;
  int64_t done = 0;
  for (size_t first = 0; first < wanted.size() && unfinished.empty(); ++first) {
    WaitingTexts& waiting = by_length.at(lengths[first]);
    if (!waiting.has(wanted[first])) continue;
    GeneratedBatch batch = generator->generate(waiting.take(options.batch), lengths[first], events);
    done += static_cast<int64_t>(batch.texts.size());
    if (batch.stopped) {
      unfinished = std::move(batch.texts);
    } else {
      if (events.on_finished) events.on_finished(batch.texts);
      for (auto& text : batch.texts) finished.emplace(text.index, std::move(text));
    }
    if (events.on_batch) events.on_batch(done, request.count);
    if (!events.on_text) continue;
    // In order; after a stop there are gaps.
    for (size_t next = first; !finished.empty() && (batch.stopped || finished.begin()->first == wanted[next]); ++next) {
      events.on_text(std::move(finished.extract(finished.begin()).mapped()));
    }
  }
  for (auto& [index, text] : finished) unfinished.push_back(std::move(text));
  std::sort(unfinished.begin(), unfinished.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  return unfinished;
}

}  // namespace difflm
