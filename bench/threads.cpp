// One thread and two, for the three ways: how much each gains from the second core. The last line gives OpenBLAS two threads as
// well: it shows whether float32, whose products OpenBLAS does, is held back by the single one that the difflm command allows it.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "bench.h"
#include "machine.h"
#include "trainee.h"

namespace difflm::bench {
namespace {

struct Setting {
  std::string name;
  int threads;
  int blas_threads;
};

void compare_settings(Report& report, const Effort& effort, const Size& size) {
  const std::vector<Setting> settings = {{"1 thread", 1, 1}, {"2 threads", 2, 1}, {"2 threads, 2 of OpenBLAS", 2, 2}};
  std::vector<std::shared_ptr<Trainee>> trainees;
  for (const Way& way : ways()) trainees.push_back(std::make_shared<Trainee>(size, way));
  std::vector<Contestant> contestants;
  for (const Setting& setting : settings) {
    for (const auto& trainee : trainees) {
      contestants.push_back({setting.name, [trainee, setting] {
                               use_threads(setting.threads, setting.blas_threads);
                               return seconds_of([&] { trainee->step(); });
                             }});
    }
  }
  const std::vector<double> seconds = take_turns(contestants, effort);
  use_threads(0);
  for (size_t i = 0; i < settings.size(); ++i) {
    const Setting& setting = settings[i];
    Row row = {"threads", fmt::format("{}, {}", size.name(), setting.name), "ms", {}, {}, "as fast as one thread:", {}};
    row.facts = {{"threads", setting.threads}, {"blas_threads", setting.blas_threads}};
    for (size_t way = 0; way < ways().size(); ++way) {
      const double own = seconds[i * ways().size() + way];
      const double faster = seconds[way] / own;
      row.names.push_back(ways()[way].name);
      row.values.push_back(1e3 * own);
      row.note += fmt::format("{} {} {:.2f}x", way == 0 ? "" : ",", ways()[way].name, faster);
      row.facts["faster_than_one_thread"][ways()[way].name] = faster;
    }
    report.add(row);
  }
}

}  // namespace

void bench_threads(Report& report, const Effort& effort) {
  for (const Size& size : {Size{6, 256}, Size{8, 512}}) compare_settings(report, effort, size);
}

}  // namespace difflm::bench
