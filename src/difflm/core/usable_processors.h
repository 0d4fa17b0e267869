// How many processors this process may use. A machine often has more: a batch system pins a job to some of them, a container has a
// quota of processor time, and a user sets OMP_NUM_THREADS. More threads than that wait for each other and slow all down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace difflm {

struct Processors {
  int64_t count = 1;
  std::string limited_by;  // what allows no more: "OMP_NUM_THREADS"; empty where it is all that the machine has
};

// The least of the processors of the machine, of its affinity (taskset), the CPU quota of its cgroup, rounded up, and
// OMP_NUM_THREADS.
Processors usable_processors();

// The quota of the cgroup of this process or of one above it, the least of them, in processors (1.5); nothing where there is none.
// Both versions of cgroups: cpu.max, and cpu.cfs_quota_us with cpu.cfs_period_us. `root` stands for "/" in tests.
std::optional<double> cgroup_quota(const std::string& root = "");

// The threads to compute with: as many as `asked` for, or the usable processors where that is 0.
int64_t choose_threads(int64_t asked);

// The same for the user: "2 threads (OMP_NUM_THREADS)".
std::string threads_in_words(int64_t asked);

// What OMP_NUM_THREADS allows ("4", or "4,2" for nested regions); nothing for a text that is no such number.
std::optional<int64_t> openmp_threads(const char* variable);

}  // namespace difflm
