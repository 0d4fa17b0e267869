// The public interface from several threads: what comes out is what the same calls give one after the other.
#include <gtest/gtest.h>

#include <thread>

#include "difflm/difflm.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

std::vector<std::string> written(const Model& model, uint64_t seed, const std::vector<Wish>& wishes) {
  std::vector<std::string> result;
  for (const auto& text : model.sample({.count = 3, .seed = seed, .wishes = wishes})) result.push_back(text.text);
  return result;
}

// Calls `work(thread, turn)` from two threads at once, and compares with the same calls one after the other.
void expect_the_same(const std::function<std::vector<std::string>(size_t thread, uint64_t turn)>& work) {
  constexpr uint64_t kTurns = 4;
  std::vector<std::vector<std::vector<std::string>>> together(2);
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < 2; ++thread) {
    threads.emplace_back([&, thread] {
      for (uint64_t turn = 0; turn < kTurns; ++turn) together[thread].push_back(work(thread, turn));
    });
  }
  for (auto& thread : threads) thread.join();
  for (size_t thread = 0; thread < 2; ++thread) {
    for (uint64_t turn = 0; turn < kTurns; ++turn)
      EXPECT_EQ(together[thread].at(turn), work(thread, turn)) << thread << " " << turn;
  }
}

TEST(Threads, may_use_one_model) {
  const auto model = Model::open(trained_run_folder());
  expect_the_same([&](size_t thread, uint64_t turn) {
    return written(model, turn, thread == 0 ? std::vector<Wish>() : std::vector<Wish>{{"keywords", "cafe"}, {"length", "9..12"}});
  });
}

TEST(Threads, may_use_a_model_each) {
  const Model models[] = {Model::open(trained_run_folder()), Model::open(autoregressive_folder())};
  expect_the_same([&](size_t thread, uint64_t turn) { return written(models[thread], turn, {}); });
}

TEST(Threads, may_sample_while_another_trains_and_evaluates) {
  const TemporaryFolder folder;
  const auto model = Model::open(trained_run_folder());
  const auto alone = written(model, 1, {});
  std::thread other([&] {
    train({.folder = folder.path() + "/run", .toml = tiny_run_config("").to_toml()});
    evaluate({.run = trained_run_folder(), .count = 4, .settings = {"evaluation.resamples=10"}, .use_judge = false});
  });
  for (int turn = 0; turn < 10; ++turn) EXPECT_EQ(written(model, 1, {}), alone);
  other.join();
}

}  // namespace
}  // namespace difflm::test
