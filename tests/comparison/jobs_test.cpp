// Real processes: their exit codes and logs, how many run at a time, and that none is left behind whatever happens.
#include "difflm/comparison/jobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <sstream>
#include <stdexcept>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class Jobs : public testing::Test {
 protected:
  Job shell(const std::string& name, const std::string& script) const {
    return {name, {"sh", "-c", script, name}, folder_.file(name + ".log")};
  }

  // Exit codes by job.
  std::map<size_t, int> run(const std::vector<Job>& jobs, int64_t at_once, std::function<bool()> interrupted = {}) {
    std::map<size_t, int> codes;
    JobEvents events;
    events.on_start = [&](size_t job) { started_.push_back(job); };
    events.on_end = [&](size_t job, int code, double seconds) {
      EXPECT_GE(seconds, 0);
      EXPECT_TRUE(codes.emplace(job, code).second) << "ended twice";
    };
    events.interrupted = std::move(interrupted);
    run_jobs(jobs, at_once, events);
    return codes;
  }

  // The test program has no other children, so that this is the whole truth.
  static void expect_no_child() {
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  test::TemporaryFolder folder_;
  std::vector<size_t> started_;
};

TEST_F(Jobs, ExitCodesAndSignalsAreReported) {
  const auto codes = run({shell("good", "exit 0"), shell("bad", "exit 7"), shell("killed", "kill -KILL $$"),
                          shell("ended", "kill -TERM $$"), shell("unknown", "no-such-command-of-difflm")},
                         3);
  EXPECT_THAT(codes, ElementsAre(Pair(0, 0), Pair(1, 7), Pair(2, 128 + 9), Pair(3, 128 + 15), Pair(4, 127)));
  EXPECT_THAT(started_, ElementsAre(0, 1, 2, 3, 4));
  expect_no_child();
}

TEST_F(Jobs, NothingToDoIsDone) { EXPECT_TRUE(run({}, 2).empty()); }

// Each job waits for a second one to start, so that a queue which made them one after the other would run into the exit code 9.
TEST_F(Jobs, RunAtMostAtOnceAtATime) {
  const std::string lines = folder_.write("lines", "");
  const std::string script = "echo start >>" + lines + "; for i in $(seq 400); do test $(grep -c start " + lines +
                             ") -ge 2 && break; sleep 0.02; done; test $i -lt 400 || exit 9; sleep 0.05; echo end >>" + lines;
  std::vector<Job> jobs;
  for (int i = 0; i < 5; ++i) jobs.push_back(shell("job" + std::to_string(i), script));
  for (const auto& [job, code] : run(jobs, 2)) EXPECT_EQ(code, 0);

  std::istringstream in(folder_.read("lines"));
  int running = 0;
  int most = 0;
  int seen = 0;
  for (std::string line; std::getline(in, line); ++seen) {
    running += line == "start" ? 1 : -1;
    most = std::max(most, running);
  }
  EXPECT_EQ(seen, 10);
  EXPECT_EQ(most, 2);
  EXPECT_EQ(running, 0);
}

TEST_F(Jobs, LogsTakeBothStreamsBehindWhatIsThere) {
  folder_.write("one.log", "before\n");
  run({shell("one", "echo out; echo err >&2; echo again")}, 1);
  EXPECT_EQ(folder_.read("one.log"), "before\nout\nerr\nagain\n");
}

TEST_F(Jobs, AnInterruptEndsThoseThatRunAndStartsNoMore) {
  // The trap distinguishes SIGTERM from any other end.
  const std::string script = "trap 'echo asked; exit 130' TERM; echo ready; for i in $(seq 600); do sleep 0.05; done";
  const auto codes = run({shell("a", script), shell("b", script), shell("c", script)}, 2,
                         [&] { return folder_.read("a.log") == "ready\n" && folder_.read("b.log") == "ready\n"; });
  EXPECT_THAT(codes, ElementsAre(Pair(0, 130), Pair(1, 130)));
  EXPECT_THAT(started_, ElementsAre(0, 1));
  EXPECT_EQ(folder_.read("a.log"), "ready\nasked\n");
  EXPECT_FALSE(std::filesystem::exists(folder_.file("c.log")));
  expect_no_child();
}

TEST_F(Jobs, AProgramThatDoesNotExistIsAFailureAndLeavesNoProcess) {
  const Job nowhere = {"lost", {"/no/such/program"}, folder_.file("lost.log")};
  const std::string message = test::failure_message([&] { run({shell("long", "exec sleep 60"), nowhere}, 2); });
  EXPECT_THAT(message, HasSubstr("lost: cannot start /no/such/program"));
  expect_no_child();
}

TEST_F(Jobs, AnErrorOfTheCallerLeavesNoProcess) {
  JobEvents events;
  events.on_end = [](size_t, int, double) { throw std::runtime_error("disk full"); };
  EXPECT_THROW(run_jobs({shell("short", "exit 0"), shell("long", "exec sleep 60")}, 2, events), std::runtime_error);
  expect_no_child();
}

}  // namespace
}  // namespace difflm
