// Shows that the three ways learn alike: the same model, seeds and batches of the built-in corpus, and the loss of every step.
// Curves that coincide show that the kernels do not buy their speed with accuracy.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <vector>

#include "bench.h"
#include "difflm/data/batches.h"
#include "difflm/data/prepared.h"
#include "difflm/training/learning_rate.h"
#include "trainee.h"

namespace difflm::bench {
namespace {

constexpr int64_t kWarmup = 50;  // steps
constexpr const char* kRecipe = R"(
[data]
corpus = "builtin"
length = 40
[data.builtin]
sentences = 5000
[data.word]
min_count = 1
[model]
scale = 0.25
[model.transformer]
layers = 4
width = 128
heads = 4
[noise]
times = "stratified"
[loss]
clean_context = 0.5
[train]
learning_rate = 6e-3
)";

// A prepared corpus in a temporary folder that is removed with it.
class BuiltinCorpus {
 public:
  BuiltinCorpus() : folder_(std::filesystem::temp_directory_path() / fmt::format("difflm_bench_{}", ::getpid())) {
    config_.read_toml(kRecipe, "bench");
    prepare_data(read_options<DataOptions>(config_, "data"), config_, folder_);
    data_ = open_prepared(folder_);
  }
  ~BuiltinCorpus() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  BuiltinCorpus(const BuiltinCorpus&) = delete;
  BuiltinCorpus& operator=(const BuiltinCorpus&) = delete;

  const PreparedData& data() const { return data_; }

  Tensor unigrams() const {
    std::vector<double> counts(static_cast<size_t>(data_.tokenizer->size()));
    for (const auto& document : data_.training) {
      for (const Token token : document) counts[static_cast<size_t>(token)] += 1;
    }
    return torch::tensor(counts, torch::kFloat64);
  }

 private:
  std::filesystem::path folder_;
  Config config_;
  PreparedData data_;
};

std::vector<double> losses(const BuiltinCorpus& corpus, const Way& way, int64_t steps) {
  Trainee trainee(kRecipe, way, corpus.data().tokenizer, corpus.unigrams());
  const auto packing = packings().make("bucket", trainee.config());
  BatchStream batches(corpus.data().training, *packing, 40, 64, 1);
  const auto rate = learning_rates().make("cosine", trainee.config());
  std::vector<double> result;
  for (int64_t step = 0; step < steps; ++step) {
    const double warm = std::min(1.0, static_cast<double>(step + 1) / kWarmup);
    result.push_back(trainee.step(batches.next(), warm * rate->factor(static_cast<double>(step) / static_cast<double>(steps))));
  }
  return result;
}

double mean_of_last(const std::vector<double>& values, size_t count) {
  return std::accumulate(values.end() - static_cast<std::ptrdiff_t>(count), values.end(), 0.0) / static_cast<double>(count);
}

}  // namespace

void bench_loss_curve(Report& report, const Effort& effort) {
  const int64_t steps = effort.least < Effort().least ? 20 : 500;
  const auto last = static_cast<size_t>(steps / 10);
  const BuiltinCorpus corpus;
  Row row = {
      "loss of training", fmt::format("4 x 128, mean of steps {} to {}", steps - steps / 10 + 1, steps), "nats", {}, {}, "", {}};
  nlohmann::ordered_json curves = {{"model", "4 x 128 on the built-in corpus, 64 texts a step"}, {"steps", steps}};
  for (const Way& way : ways()) {
    const std::vector<double> curve = losses(corpus, way, steps);
    curves["losses"][way.name] = curve;
    row.names.push_back(way.name);
    row.values.push_back(mean_of_last(curve, last));
  }
  row.note = "the same seeds and batches; 1.00x is the same loss";
  report.add(row);
  report.set("loss_curve", curves);
}

}  // namespace difflm::bench
