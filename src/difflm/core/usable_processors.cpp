#include "difflm/core/usable_processors.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

namespace difflm {
namespace {

// Of `text` up to a character that is none of a number.
std::optional<int64_t> leading_number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

std::optional<int64_t> number_in_cgroup(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return leading_number(word);
}

std::optional<double> quota_share(std::optional<int64_t> quota, std::optional<int64_t> period) {
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;  // "max", or -1 for none
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

// "50000 100000": microseconds of processor time in each period.
std::optional<double> quota_of_version_2(const std::string& folder) {
  std::string quota;
  std::string period;
  std::ifstream(folder + "/cpu.max") >> quota >> period;
  return quota_share(leading_number(quota), leading_number(period));
}

std::optional<double> quota_of_version_1(const std::string& folder) {
  return quota_share(number_in_cgroup(folder + "/cpu.cfs_quota_us"), number_in_cgroup(folder + "/cpu.cfs_period_us"));
}

void take_lesser(std::optional<double>& least, std::optional<double> value) {
  if (value && (!least || *value < *least)) least = value;
}

// Of `group` below `mount` and of all above it. In a container the group may be named as the host sees it, and only the mount
// itself is there.
void lower_by_group(std::optional<double>& least, const std::string& mount, std::filesystem::path group,
                    std::optional<double> (*quota)(const std::string&)) {
  take_lesser(least, quota(mount));
  for (; group.has_relative_path(); group = group.parent_path()) take_lesser(least, quota(mount + group.string()));
}

int64_t affinity() {
  for (size_t processors = CPU_SETSIZE; processors <= (size_t{1} << 20); processors *= 2) {
    cpu_set_t* set = CPU_ALLOC(processors);
    const size_t bytes = CPU_ALLOC_SIZE(processors);
    const bool known = set != nullptr && ::sched_getaffinity(0, bytes, set) == 0;
    const int64_t count = known ? CPU_COUNT_S(bytes, set) : 0;
    const bool larger = !known && errno == EINVAL;  // the machine has more processors than the set
    CPU_FREE(set);
    if (!larger) return count;
  }
  return 0;
}

}  // namespace

std::optional<int64_t> openmp_threads(const char* variable) {
  if (variable == nullptr) return std::nullopt;
  std::string_view text = variable;
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const auto threads = leading_number(text);
  return threads && *threads > 0 ? threads : std::nullopt;
}

std::optional<double> cgroup_quota(const std::string& root) {
  std::optional<double> least;
  std::ifstream groups(root + "/proc/self/cgroup");
  const std::string mounts = root + "/sys/fs/cgroup";
  for (std::string line; std::getline(groups, line);) {  // "0::/user.slice", "4:cpu,cpuacct:/job/7"
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      lower_by_group(least, mounts, group, quota_of_version_2);
    } else if (("," + controllers + ",").find(",cpu,") != std::string::npos) {
      lower_by_group(least, mounts + "/" + controllers, group, quota_of_version_1);
      lower_by_group(least, mounts + "/cpu", group, quota_of_version_1);
    }
  }
  return least;
}

Processors usable_processors() {
  Processors usable = {std::max<int64_t>(1, ::sysconf(_SC_NPROCESSORS_ONLN)), ""};
  const auto limit = [&](int64_t count, const std::string& by) {
    if (count >= 1 && count < usable.count) usable = {count, by};
  };
  limit(affinity(), "the processors that this process may run on");
  if (const auto quota = cgroup_quota())
    limit(std::max<int64_t>(1, std::llround(std::ceil(*quota))), "the CPU quota of its cgroup");
  if (const auto threads = openmp_threads(std::getenv("OMP_NUM_THREADS"))) limit(*threads, "OMP_NUM_THREADS");
  return usable;
}

int64_t choose_threads(int64_t asked) { return asked > 0 ? asked : usable_processors().count; }

std::string threads_in_words(int64_t asked) {
  const Processors usable = usable_processors();
  const int64_t threads = asked > 0 ? asked : usable.count;
  std::string why = usable.limited_by.empty() ? "all processors" : usable.limited_by;
  if (asked > 0) why = "runtime.threads";
  return fmt::format("{} {} ({})", threads, threads == 1 ? "thread" : "threads", why);
}

}  // namespace difflm
