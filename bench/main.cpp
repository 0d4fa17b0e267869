// difflm_bench: difflm's fused kernels against LibTorch's operators, from single kernels to whole steps, in one process.
//
// Exit code 0 done, 1 failed, 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "bench.h"
#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/nn/memory.h"
#include "machine.h"

namespace difflm::bench {
namespace {

struct Section {
  std::string name;
  void (*run)(Report&, const Effort&);
};

const std::vector<Section> kSections = {
    {"blocks", bench_blocks},          {"rounding", bench_rounding},      {"optimizer", bench_optimizer},
    {"training", bench_training_step}, {"sampling", bench_sampling_step}, {"growth", bench_growth},
    {"threads", bench_threads},        {"memory", bench_memory},          {"loss", bench_loss_curve},
};

void run_sections(const std::vector<std::string>& chosen, bool quick, const std::string& output) {
  const Effort effort = quick ? Effort::quick() : Effort();
  use_threads(0);
  Report report;
  const auto machine = describe_machine(effort);
  fmt::print("{}, {} threads: {:.2f} TFLOP/s in bfloat16 products, {:.1f} GB/s of memory\n",
             machine["processor"].get<std::string>(), machine["threads"].get<int>(),
             machine["matrix_peak_gflops"].get<double>() / 1e3, machine["memory_bandwidth_gb_per_second"].get<double>());
  fmt::print("Medians of turns. Columns of ratios: how many times the fused kernels' time (memory, loss) each way takes.\n\n");
  report.set("machine", machine);
  report.set("quick", quick);
  for (const auto& section : kSections) {
    if (chosen.empty() || std::find(chosen.begin(), chosen.end(), section.name) != chosen.end()) section.run(report, effort);
  }
  if (!output.empty()) replace_file_with_text(output, report.json().dump(2) + "\n");
}

int run(int count, char** arguments) {
  CLI::App app("Times difflm's fused kernels against LibTorch's operators; prints a table.");
  std::vector<std::string> names;
  for (const auto& section : kSections) names.push_back(section.name);
  std::vector<std::string> chosen;
  std::string output;
  bool quick = false;
  app.add_option("--json", output, "write the figures to this file too");
  app.add_flag("--quick", quick, "two turns each and short runs: to see that everything works, not for figures");
  app.add_option("--only", chosen, "run only these sections")->check(CLI::IsMember(names));
  auto* memory =
      app.add_subcommand("memory", "train a few steps and print the peak memory as JSON (the benchmark calls this itself)");
  std::string way;
  int64_t layers = 12;
  int64_t width = 768;
  memory->add_option("way", way, "fused, 'eager bfloat16' or 'eager float32'")->required();
  memory->add_option("layers", layers);
  memory->add_option("width", width);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (memory->parsed()) return print_memory(way, layers, width);
  run_sections(chosen, quick, output);
  return 0;
}

}  // namespace
}  // namespace difflm::bench

int main(int count, char** arguments) {
  difflm::keep_freed_memory();
  try {
    return difflm::bench::run(count, arguments);
  } catch (const difflm::Error& error) {
    fmt::print(stderr, "difflm_bench: {}\n", error.what());
    return error.kind() == difflm::Error::Kind::usage ? 2 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "difflm_bench: {}\n", error.what());
    return 1;
  }
}
