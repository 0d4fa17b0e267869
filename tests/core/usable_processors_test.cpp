// The number of processors: cgroups of both versions from files, the affinity from a process that is pinned.
#include "difflm/core/usable_processors.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

class CgroupQuota : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(root_.file(path)).parent_path());
    root_.write(path, content);
  }
  std::optional<double> quota() const { return cgroup_quota(root_.path()); }

  TemporaryFolder root_;
};

TEST_F(CgroupQuota, NothingWhereThereIsNone) {
  EXPECT_EQ(quota(), std::nullopt);
  put("proc/self/cgroup", "0::/user.slice/session.scope\n");
  EXPECT_EQ(quota(), std::nullopt);
  put("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
  EXPECT_EQ(quota(), std::nullopt);
}

TEST_F(CgroupQuota, OfVersionTwoIsTheLeastOfTheGroupAndThoseAboveIt) {
  put("proc/self/cgroup", "0::/user.slice/session.scope\n");
  put("sys/fs/cgroup/user.slice/cpu.max", "250000 100000\n");
  EXPECT_EQ(quota(), 2.5);
  put("sys/fs/cgroup/user.slice/session.scope/cpu.max", "400000 100000\n");
  EXPECT_EQ(quota(), 2.5);
  put("sys/fs/cgroup/user.slice/session.scope/cpu.max", "25000 50000\n");
  EXPECT_EQ(quota(), 0.5);
}

TEST_F(CgroupQuota, OfAContainerIsAtTheRootOfTheMount) {
  put("proc/self/cgroup", "0::/\n");
  put("sys/fs/cgroup/cpu.max", "150000 100000\n");
  EXPECT_EQ(quota(), 1.5);
  put("proc/self/cgroup", "0::/../../docker/3f2a\n");
  EXPECT_EQ(quota(), 1.5);
}

TEST_F(CgroupQuota, OfVersionOne) {
  put("proc/self/cgroup", "12:memory:/job\n4:cpu,cpuacct:/docker/3f2a\n1:name=systemd:/job\n");
  put("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  put("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), std::nullopt);
  put("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "300000\n");
  EXPECT_EQ(quota(), 3);
  put("sys/fs/cgroup/cpu/docker/3f2a/cpu.cfs_quota_us", "100000\n");
  put("sys/fs/cgroup/cpu/docker/3f2a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 1);
}

TEST_F(CgroupQuota, FilesThatMakeNoSenseAreNone) {
  put("proc/self/cgroup", "\n0\nx::\n0::/\n:::\n");
  for (const std::string content : {"", "max", "0 0\n", "-5 100000\n", "x y\n", "99999999999999999999 1\n"}) {
    put("sys/fs/cgroup/cpu.max", content);
    EXPECT_EQ(quota(), std::nullopt) << content;
  }
}

TEST(OpenmpThreads, IsTheFirstNumber) {
  EXPECT_EQ(openmp_threads(nullptr), std::nullopt);
  EXPECT_EQ(openmp_threads("3"), 3);
  EXPECT_EQ(openmp_threads(" 4,2"), 4);
  for (const char* none : {"", " ", "0", "-2", "all"}) EXPECT_EQ(openmp_threads(none), std::nullopt) << none;
}

// In a child, so that nothing else is pinned.
TEST(UsableProcessors, AreThoseOfTheAffinityAndNoMoreThanOpenmpSays) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::unsetenv("OMP_NUM_THREADS");
    const Processors all = usable_processors();
    ::setenv("OMP_NUM_THREADS", "100000", 1);
    if (usable_processors().count != all.count) ::_exit(1);
    cpu_set_t set;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) ::_exit(0);
    int first = 0;
    while (!CPU_ISSET(first, &set)) ++first;
    CPU_ZERO(&set);
    CPU_SET(first, &set);
    if (::sched_setaffinity(0, sizeof set, &set) != 0) ::_exit(2);
    const Processors one = usable_processors();
    if (one.count != 1 || (all.count > 1 && one.limited_by.empty())) ::_exit(3);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace difflm::test
