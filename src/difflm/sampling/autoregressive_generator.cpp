#include "difflm/sampling/autoregressive_generator.h"

#include "difflm/core/error.h"

namespace difflm {

AutoregressiveGenerator::AutoregressiveGenerator(Run& run, AutoregressiveModel& model, const SamplingOptions& options,
                                                 const SampleRequest& request)
    : run_(run), model_(model), options_(options), request_(request) {
  if (request.length > 0) {
    throw usage_error("--length", "an autoregressive model ends its texts itself, its length cannot be asked for");
  }
  if (!request.rounding.empty()) throw usage_error("--rounding", "an autoregressive model has no latents to round");
}

std::vector<SampledText> AutoregressiveGenerator::generate(const std::vector<int64_t>& indices, int64_t length,
                                                           const SampleEvents& events, bool& stopped) {
  const auto rows = static_cast<int64_t>(indices.size());
  const torch::Device device = model_.parameters().front().device();
  std::vector<RandomStream> random;
  for (const int64_t index : indices) random.emplace_back(request_.seed, "sample", static_cast<uint64_t>(index));
  std::vector<std::vector<Token>> written(indices.size());
  std::vector<bool> done(indices.size(), false);
  std::vector<double> sure(indices.size(), 0);
  Tensor inputs = torch::full({rows, 1}, kStart, torch::TensorOptions().dtype(torch::kInt64).device(device));

  const auto read_texts = [&] {
    std::vector<SampledText> texts;
    for (size_t row = 0; row < indices.size(); ++row) {
      const auto tokens = run_.packing->unpack(written[row]);
      const double count = std::max<double>(1, static_cast<double>(written[row].size()));
      texts.push_back({indices[row], run_.tokenizer->decode(tokens), tokens, sure[row] / count});
    }
    return texts;
  };
  for (int64_t at = 0; at < length && !stopped; ++at) {
    Tensor logits = model_.logits(inputs).select(1, -1) / options_.temperature;  // [B,V]
    logits.narrow(1, kStart, 1).fill_(-INFINITY);
    logits.narrow(1, kPad, 1).fill_(-INFINITY);
    const Tensor chances = torch::softmax(logits.to(torch::kFloat64), -1).to(torch::kCPU);
    const Tensor cumulative = chances.cumsum(-1).contiguous();
    Tensor next = torch::full({rows, 1}, kEnd, torch::kInt64);
    for (size_t row = 0; row < indices.size(); ++row) {
      const double* begin = cumulative.data_ptr<double>() + static_cast<int64_t>(row) * cumulative.size(1);
      const double* end = begin + cumulative.size(1);
      const double draw = random[row].uniform() * *(end - 1);
      if (done[row]) continue;
      const auto token = std::min<int64_t>(std::upper_bound(begin, end, draw) - begin, cumulative.size(1) - 1);
      next[static_cast<int64_t>(row)][0] = token;
      sure[row] += chances[static_cast<int64_t>(row)][token].item<double>();
      written[row].push_back(static_cast<Token>(token));
      // In a stream END only separates documents, so a block goes on to its full length.
      done[row] = token == kEnd && run_.packing->frame() != Frame::stream;
    }
    inputs = torch::cat({inputs, next.to(device)}, 1);
    if (events.on_step) {
      stopped = !events.on_step({static_cast<size_t>(at), static_cast<size_t>(length), 0, indices, read_texts, {}});
    }
    if (std::all_of(done.begin(), done.end(), [](bool value) { return value; })) break;
  }
  return read_texts();
}

}  // namespace difflm
