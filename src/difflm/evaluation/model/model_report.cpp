#include "difflm/evaluation/model/model_report.h"

#include <fmt/format.h>

#include <numbers>

#include "difflm/core/json.h"
#include "difflm/evaluation/model/autoregressive_report.h"
#include "difflm/evaluation/model/diffusion_report.h"
#include "difflm/model/model_kind.h"
#include "difflm/model/writer.h"

namespace difflm {
namespace {

constexpr int64_t kSequences = 256;
constexpr int64_t kBatch = 64;

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
  source.bytes = text_bytes(run, data, source.held_out);
  return report->measure(source);
}

std::string likelihood_note(const Json& report) {
  if (!report.is_object() || !report.contains("likelihood") || !report["likelihood"]["nats_per_token"].is_number()) return "";
  const Json& likelihood = report["likelihood"];
  const bool exact = likelihood["kind"] == "exact";
  const Json& bits = likelihood["bits_per_byte"];
  const std::string per_byte = bits.is_number() ? fmt::format(", {:.3f} bits per byte", bits.get<double>()) : "";
  const std::string left_out =
      bits.is_number() ? "" : "; bits per byte are left out: " + likelihood.value("bits_per_byte_left_out", "not known");
  const Json by_order = likelihood.value("orders", Json::object());
  std::string orders;
  for (const auto& [order, of_order] : by_order.items()) {
    orders += fmt::format("; {} {:.3f} nats, exactly, of {} texts", order, of_order["nats_per_token"].get<double>(),
                          of_order["texts"].get<int64_t>());
  }
  return fmt::format("the model needs {}{:.3f} nats per token{} for held-out text ({}{}){}", exact ? "" : "at most ",
                     likelihood["nats_per_token"].get<double>(), per_byte, exact ? "exact" : "an upper bound, lengths given",
                     left_out, orders);
}

Json likelihood_per_byte(double nats, const TextBytes& bytes) {
  const double bits = nats / std::numbers::ln2;
  Json json = {{"bits_per_byte", nullptr}, {"bits_per_character", bits / bytes.decoded}, {"bytes", bytes.original}};
  if (bytes.differ.empty()) {
    json["bits_per_byte"] = bits / bytes.original;
  } else {
    json["bits_per_byte_left_out"] = bytes.differ;
  }
  return json;
}

}  // namespace difflm
