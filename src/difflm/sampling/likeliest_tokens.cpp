#include "difflm/sampling/likeliest_tokens.h"

#include <fmt/format.h>

#include <algorithm>

#include "difflm/model/autoregressive_model.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/model/model_as.h"
#include "difflm/sampling/ruled_out.h"

namespace difflm {
namespace {

// Logits at `place` of `tokens` [1,T], [V].
Tensor logits_given_others(Run& run, DiffusionModel& model, const Tensor& tokens, int64_t place) {
  const Tensor table = model.table();
  const RuledOut ruled_out(model, table, Frame::whole);
  const bool framed = run.packing->frame() == Frame::framed;
  const auto mark = [&](Token token) { return torch::full({1, 1}, token, tokens.options()); };
  const Tensor sequence = framed ? torch::cat({mark(kStart), tokens, mark(kEnd)}, 1) : tokens;
  const int64_t at = place + (framed ? 1 : 0);
  DenoiseInput input = {DiffusionModel::embed(sequence, table), torch::ones({1}, torch::kFloat64), {}, {}};
  input.x_t.narrow(1, at, 1).copy_(model.process().noise(table, {1, 1, table.size(1)}, 1));
  if (model.given_flag()) {
    input.given = torch::ones({1, sequence.size(1)}, input.x_t.options());
    input.given.narrow(1, at, 1).zero_();
  }
  return model.logits(model.estimate(input, table, 1, false).point.select(1, at).squeeze(0), table);
}

Tensor logits_after(AutoregressiveModel& model, const Tensor& tokens, int64_t place) {
  const Tensor start = torch::full({1, 1}, kStart, tokens.options());
  Tensor logits = model.next_logits(torch::cat({start, tokens.narrow(1, 0, place)}, 1)).squeeze(0);
  for (const Token token : {kStart, kEnd, kUnknown, kPad}) logits[token] = -INFINITY;
  return logits;
}

}  // namespace

std::vector<LikelyToken> likeliest_tokens(Run& run, std::span<const Token> text, int64_t place, int64_t count) {
  const auto length = static_cast<int64_t>(text.size());
  if (place < 0 || place >= length) throw usage_error("place", fmt::format("is {}, expected 0 to {}", place, length - 1));
  if (length > run.length) throw usage_error("tokens", fmt::format("are {}, expected at most the model's {}", length, run.length));
  const torch::NoGradGuard no_grad;
  const auto writer = model_as<Writer>(run.model, run.folder);
  const Tensor tokens =
      torch::tensor(std::vector<int64_t>(text.begin(), text.end())).unsqueeze(0).to(writer->parameters().front().device());
  const Tensor logits = writer->writes_word_by_word()
                            ? logits_after(*model_as<AutoregressiveModel>(run.model, run.folder), tokens, place)
                            : logits_given_others(run, *model_as<DiffusionModel>(run.model, run.folder), tokens, place);
  const Tensor probabilities = logits.to(torch::kCPU, torch::kFloat64).softmax(-1);
  const auto [values, best] = probabilities.topk(std::min(count, probabilities.size(0)));
  std::vector<LikelyToken> likeliest;
  for (int64_t at = 0; at < values.size(0); ++at) {
    likeliest.push_back({static_cast<Token>(best[at].item<int64_t>()), values[at].item<double>()});
  }
  const Token present = text[static_cast<size_t>(place)];
  const bool named = std::any_of(likeliest.begin(), likeliest.end(), [&](const auto& likely) { return likely.token == present; });
  if (!named) likeliest.push_back({present, probabilities[present].item<double>()});
  return likeliest;
}

}  // namespace difflm
