// Text from a run: what `difflm sample` and the library's `sample` call.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "difflm/core/options.h"
#include "difflm/core/random.h"
#include "difflm/model/run_folder.h"

namespace difflm {

struct SamplingOptions {
  std::string sampler = "ddpm";
  std::string order = "random";
  int64_t steps = 50;
  double temperature = 1;
  double top_p = 1;
  double remask = 0;
  double fluency = 0;
  double commit_threshold = 1;
  int64_t corrections = 0;
  double improbable = 0.1;
  std::string judge;
  double judge_share = 1;
  std::string spelling = "free";
  std::string clamp = "off";
  std::string rounding = "model";  // of the finished latents: another one by name ("cosine", "nearest", "mixed")
  int64_t batch = 64;
  void describe(OptionVisitor& visitor);
};

// A text of a model: the one that a seed has at an index.
struct SampleKey {
  uint64_t seed = 1;
  int64_t index = 0;
  bool operator==(const SampleKey&) const = default;
};

// Where texts begin: not with noise alone, but with a text some of whose tokens are thought over.
struct SampleStart {
  std::vector<Token> tokens;
  std::vector<bool> kept;  // those that stay, one for each token
  double noise = 1;        // the level to which the others are noised; 1: nothing is left of them
};

struct SampleRequest {
  int64_t count = 1;
  uint64_t seed = 1;
  int64_t length = 0;                                 // tokens of each text, 0: drawn from the training text's distribution
  int64_t longest = 0;                                // most tokens, where no length is asked for, 0: as in the training texts
  std::function<bool(int64_t index)> is_wanted = {};  // which of the `count` texts are made; empty: all
  std::optional<SampleStart> start = {};              // of a diffusion model; the texts then have its length
  std::vector<SampleKey> keys = {};                   // text i is that of keys[i], one of `count`; empty: that of (seed, i)

  SampleKey key(int64_t index) const { return keys.empty() ? SampleKey{seed, index} : keys[static_cast<size_t>(index)]; }
  // The seed of what is drawn for text `index`, by purpose.
  uint64_t stream(std::string_view purpose, int64_t index) const {
    const SampleKey own = key(index);
    return stream_seed(own.seed, purpose, static_cast<uint64_t>(own.index));
  }
};

// Whether a token of a text may still change.
enum class TokenState {
  draft,      // it may
  committed,  // it was drawn and is final
  given,      // a wish has it there
};

struct SampledText {
  int64_t index = 0;  // sample `index` of `seed` is the same text in any batch
  std::string text;
  std::vector<Token> tokens;
  double confidence = 0;                   // mean probability of the chosen tokens
  std::vector<double> probabilities = {};  // of each of `tokens`, by the model
  std::vector<TokenState> states = {};     // of each of `tokens`
};

// What an observer sees of a batch while it is sampled: the token each latent rounds to, and the model's confidence.
struct SampleStep {
  size_t index;  // step, 0 .. count-1
  size_t count;
  double u;                                         // noise level, 0 for an autoregressive model
  std::vector<int64_t> samples;                     // index of each row
  std::function<std::vector<SampledText>()> texts;  // decodes the estimate; costs a rounding
  // The same latents decoded by a listed rounding without parameters ("cosine", "nearest"); empty for an autoregressive model.
  std::function<std::vector<SampledText>(const std::string& rounding)> texts_by;
};

struct SampleEvents {
  std::function<bool(const SampleStep&)> on_step;                         // false stops; texts so far are returned
  std::function<void(int64_t done, int64_t count)> on_batch;              // after each finished batch
  std::function<void(const std::vector<SampledText>&)> on_finished = {};  // the texts of each batch that no stop cut short
  // Each finished text, in the order of their index and as soon as those before it are finished; after a stop, the others that are
  // finished. With it, `generate` keeps none of them: it returns only what a stop left unfinished.
  std::function<void(SampledText)> on_text = {};
};

class Steering;

// `request.count` texts in order of their index, steered by `steering` if it is given (an autoregressive model uses only its
// condition and what it adds to the next token). Throws a usage error for a length or steps the model cannot have.
std::vector<SampledText> generate(Run& run, const SamplingOptions& options, const SampleRequest& request,
                                  const SampleEvents& events = {}, Steering* steering = nullptr);

}  // namespace difflm
