#include "difflm/evaluation/model/model_report.h"

#include "difflm/core/json.h"
#include "difflm/evaluation/model/autoregressive_report.h"
#include "difflm/evaluation/model/diffusion_report.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/writer.h"

namespace difflm {
namespace {

constexpr int64_t kSequences = 256;
constexpr int64_t kBatch = 64;

// Characters of the text per token, on average.
double letters_per_token(const Run& run, const std::vector<Batch>& batches) {
  double letters = 0;
  double tokens = 0;
  for (const auto& batch : batches) {
    const Tensor rows = batch.tokens.contiguous();
    for (int64_t row = 0; row < rows.size(0); ++row) {
      const auto* begin = rows[row].data_ptr<int64_t>();
      const std::vector<Token> sequence(begin, begin + rows.size(1));
      letters += static_cast<double>(run.tokenizer->decode(run.packing->unpack(sequence)).size());
    }
    tokens += static_cast<double>(rows.numel());
  }
  return letters / tokens;
}

}  // namespace

const ModelReportFamily& model_reports() {
  using F = ModelReportFamily;
  static const F family("model report", "what an evaluation reports about each kind of model",
                        {
                            variant<F, DiffusionReport>("diffusion", "a bound on the likelihood, how tokens are read from latents"),
                            variant<F, AutoregressiveReport>("autoregressive", "the exact likelihood"),
                        });
  return family;
}

Json model_report(Run& run, const PreparedData& data, uint64_t seed) {
  model_as<Writer>(run.model, run.folder);
  const auto report = make_for_kind(model_reports(), run.model->kind());
  ReportSource source = {run, data, seed, validation_batches(data.validation, *run.packing, run.length, kBatch, kSequences)};
  source.letters = letters_per_token(run, source.held_out);
  return report->measure(source);
}

}  // namespace difflm
