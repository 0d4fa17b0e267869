// Whole training steps of the diffusion model (loss, gradients, clipping, optimiser) by fused kernels, by LibTorch in bfloat16
// autocast and by LibTorch in float32: the same model and batches, one process, the three ways in turn.
//
// Times on shared machines swing; the ratios of neighbouring measurements hold. The share of peak compares the floating-point
// operations that the model needs with the fastest bfloat16 product of the same process on random data.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "difflm/core/config.h"
#include "difflm/kernels/matrix_product.h"
#include "difflm/model/diffusion_model.h"
#include "difflm/model/runtime.h"
#include "difflm/text/tokenizer.h"
#include "difflm/training/flat_parameters.h"
#include "difflm/training/objective.h"
#include "difflm/training/optimizer.h"

namespace difflm {
namespace {

using Clock = std::chrono::steady_clock;

struct Size {
  int64_t layers, width, batch, length;
};

double seconds_of(const std::function<void()>& body) {
  const auto start = Clock::now();
  body();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// Floating-point operations a second of the best of several 4096 x 3072 x 768 products.
double matrix_peak() {
  constexpr int64_t kRows = 4096;
  constexpr int64_t kColumns = 3072;
  constexpr int64_t kInner = 768;
  const Tensor left = torch::randn({kRows, kInner}).to(torch::kBFloat16);
  const Tensor right = torch::randn({kColumns, kInner}).to(torch::kBFloat16);
  const Tensor result = torch::empty({kRows, kColumns}, torch::kBFloat16);
  MatrixProducts products;
  double best = 1e9;
  for (int i = 0; i < 12; ++i) {
    best = std::min(best, seconds_of([&] {
                      products.run({.rows = kRows, .columns = kColumns, .inner = kInner, .right_transposed = true},
                                   static_cast<const Bfloat16*>(left.data_ptr()), static_cast<const Bfloat16*>(right.data_ptr()),
                                   nullptr, result.data_ptr());
                    }));
  }
  return 2.0 * kRows * kColumns * kInner / best;
}

class Contender {
 public:
  Contender(const Size& size, const std::string& name, const std::string& overrides, Token vocabulary) : name_(name) {
    config_.read_toml(
        fmt::format("[data]\nlength = {}\n[model]\nscale = 0.25\n[model.transformer]\nlayers = {}\nwidth = {}\nheads = {}\n"
                    "[noise]\ntimes = \"stratified\"\n[loss]\nclean_context = 0.5\n{}",
                    size.length, size.layers, size.width, size.width / 64, overrides),
        "bench");
    std::vector<std::string> words;
    for (Token id = kSpecialTokens; id < vocabulary; ++id) {
      std::string word;
      for (Token rest = id; rest > 0; rest /= 26) word += static_cast<char>('a' + rest % 26);
      words.push_back(word);
    }
    config_.read_toml("[data.word]\nmin_count = 1\n", "bench");
    tokenizer_ = train_tokenizer("word", config_, words);
    model_ = build_model({&config_, tokenizer_.get(), size.length, nullptr}, 1);
    use_runtime(read_options<RuntimeOptions>(config_, "runtime"), *model_);
    parameters_ = std::make_unique<FlatParameters>(*model_);
    optimizer_ = std::make_unique<Optimizer>(*parameters_, read_options<OptimizerOptions>(config_, "train"));
    packing_ = packings().make("bucket", config_);
    objective_ = make_objective(model_, config_, *packing_, torch::ones({tokenizer_->size()}));
    torch::manual_seed(3);
    batch_.tokens = torch::randint(kSpecialTokens, tokenizer_->size(), {size.batch, size.length}, torch::kInt64);
    model_->train();
  }

  double step() {
    const auto index = static_cast<int64_t>(seconds_.size());
    return seconds_.emplace_back(seconds_of([&] {
      parameters_->gradients().zero_();
      objective_->training(batch_, index, static_cast<uint64_t>(index)).total.backward();
      optimizer_->step(0.1);
    }));
  }

  // Without the first, which makes machine code and buffers.
  double typical() const { return median({seconds_.begin() + 1, seconds_.end()}); }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  Config config_;
  std::unique_ptr<Tokenizer> tokenizer_;
  std::shared_ptr<LanguageModel> model_;
  std::unique_ptr<FlatParameters> parameters_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Packing> packing_;
  std::unique_ptr<Objective> objective_;
  Batch batch_;
  std::vector<double> seconds_;
};

// Multiplications and additions of the products of one training step: forward once for all rows and once more for the half that is
// self-conditioned, backward twice the forward.
double step_operations(const Size& size, int64_t vocabulary, int64_t dimension) {
  const auto tokens = static_cast<double>(size.batch * size.length);
  const auto width = static_cast<double>(size.width);
  const double blocks = static_cast<double>(size.layers) * (24 * width * width + 4 * width * static_cast<double>(size.length));
  const double ends = 2 * width * static_cast<double>(3 * dimension + 1);
  const double head = 2 * static_cast<double>(vocabulary * dimension);
  return tokens * (3.5 * (blocks + ends) + 3 * head + 0.5 * 2 * head);
}

nlohmann::json run(const Size& size, int repeats) {
  constexpr Token kVocabulary = 800;
  constexpr int64_t kDimension = 128;
  std::vector<std::unique_ptr<Contender>> contenders;
  contenders.push_back(std::make_unique<Contender>(size, "fused", "[runtime]\nkernels = \"auto\"\n", kVocabulary));
  contenders.push_back(std::make_unique<Contender>(size, "eager bfloat16", "[runtime]\nkernels = \"eager\"\n", kVocabulary));
  contenders.push_back(
      std::make_unique<Contender>(size, "eager float32", "[runtime]\nkernels = \"eager\"\nautocast = false\n", kVocabulary));
  std::vector<double> peaks;
  for (int i = 0; i <= repeats; ++i) {
    peaks.push_back(matrix_peak());
    for (auto& contender : contenders) contender->step();
  }
  nlohmann::json row = {{"layers", size.layers}, {"width", size.width}, {"batch", size.batch}, {"length", size.length}};
  const double peak = median(peaks);
  const double rate = step_operations(size, kVocabulary, kDimension) / contenders.front()->typical();
  row["peak_gflops"] = peak / 1e9;
  row["share_of_peak"] = rate / peak;
  for (const auto& contender : contenders) row["milliseconds"][contender->name()] = 1e3 * contender->typical();
  fmt::print("{:>2} x {:<4} {:>3} x {:<4}", size.layers, size.width, size.batch, size.length);
  for (const auto& contender : contenders) {
    fmt::print("  {:>9.1f} ms ({:4.2f}x)", 1e3 * contender->typical(), contender->typical() / contenders.front()->typical());
  }
  fmt::print("  {:>5.1f}% of {:.2f} TFLOP/s\n", 100 * rate / peak, peak / 1e12);
  std::fflush(stdout);
  return row;
}

}  // namespace
}  // namespace difflm

int main(int count, char** arguments) {
  const std::string output = count > 1 ? arguments[1] : "";
  fmt::print(
      "training step of layers x width, batch x length; medians of several, ways in turn\n"
      "                    fused                 eager bfloat16        eager float32         fused's share of peak\n");
  nlohmann::json rows;
  using difflm::Size;
  for (const auto& [size, repeats] :
       {std::pair<Size, int>{{4, 128, 64, 18}, 15}, {{6, 256, 64, 27}, 9}, {{6, 256, 64, 64}, 7}, {{8, 512, 64, 64}, 5}}) {
    rows.push_back(difflm::run(size, repeats));
  }
  if (!output.empty()) {
    std::FILE* file = std::fopen(output.c_str(), "w");  // NOLINT: closed below
    if (file == nullptr) return 1;
    fmt::print(file, "{}\n", rows.dump(2));
    return std::fclose(file);
  }
  return 0;
}
