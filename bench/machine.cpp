#include "machine.h"

#include <dlfcn.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "difflm/nn/autocast.h"

namespace difflm::bench {
namespace {

struct Product {
  int64_t rows, columns, inner;
  double operations() const { return 2.0 * static_cast<double>(rows * columns * inner); }
};

constexpr Product kTypical = {4096, 3072, 768};

Tensor random(torch::IntArrayRef shape) { return torch::randn(shape).to(torch::kBFloat16); }

// Operations per second; at::linear takes its weight as [columns, inner], at::mm as [inner, columns].
double product_speed(const Product& product, const Effort& effort) {
  const torch::NoGradGuard no_grad;
  const Tensor left = random({product.rows, product.inner});
  const Tensor weight = random({product.columns, product.inner});
  const Tensor right = weight.t().contiguous();
  double best = 1e9;
  for (int i = 0; i < 4 * effort.least; ++i) {
    best = std::min(best, seconds_of([&] { torch::mm(left, right); }));
    best = std::min(best, seconds_of([&] { at::linear(left, weight); }));
  }
  return product.operations() / best;
}

// The rest of the first line of /proc/cpuinfo that begins with `key`, empty where there is none.
std::string cpu_fact(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key)) return line.substr(line.find(':') + 2);
  }
  return {};
}

// Of the instructions that kernels are written for, those the processor has.
std::vector<std::string> instructions() {
  const std::string flags = " " + cpu_fact("flags") + " ";
  std::vector<std::string> found;
  for (const std::string name : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"}) {
    if (flags.find(" " + name + " ") != std::string::npos) found.push_back(name);
  }
  return found;
}

}  // namespace

void use_threads(int count, int blas_threads) {
  const int threads = count > 0 ? count : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  torch::set_num_threads(threads);
  const auto set_blas_threads = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set_blas_threads != nullptr) set_blas_threads(blas_threads);
}

double matrix_peak(const Effort& effort) {
  double best = 0;
  for (const Product& product : {kTypical, Product{4096, 768, 3072}, Product{4096, 4096, 1024}, Product{2048, 2048, 2048}}) {
    best = std::max(best, product_speed(product, effort));
  }
  return best;
}

Contestant peak_contestant() {
  const Tensor left = random({kTypical.rows, kTypical.inner});
  const Tensor weight = random({kTypical.columns, kTypical.inner});
  return {"matrix product", [left, weight] {
            const torch::NoGradGuard no_grad;
            double best = 1e9;
            for (int i = 0; i < 3; ++i) best = std::min(best, seconds_of([&] { at::linear(left, weight); }));
            return best;
          }};
}

double peak_operations() { return kTypical.operations(); }

double memory_bandwidth(const Effort& effort) {
  const torch::NoGradGuard no_grad;
  constexpr int64_t kCount = 64 << 20;  // 256 MiB per array
  Tensor sum = torch::empty({kCount});
  const Tensor first = torch::ones({kCount});
  const Tensor second = torch::ones({kCount});
  double best = 1e9;
  for (int repeat = 0; repeat < 2 * effort.least; ++repeat) {
    best = std::min(best, seconds_of([&] { torch::add_out(sum, first, second, 3.0); }));
  }
  return 3.0 * kCount * sizeof(float) / best;
}

nlohmann::ordered_json describe_machine(const Effort& effort) {
  return {{"processor", cpu_fact("model name")},
          {"instructions", instructions()},
          {"threads", torch::get_num_threads()},
          {"libtorch", TORCH_VERSION},
          {"matrix_peak_gflops", matrix_peak(effort) / 1e9},
          {"memory_bandwidth_gb_per_second", memory_bandwidth(effort) / 1e9}};
}

}  // namespace difflm::bench
