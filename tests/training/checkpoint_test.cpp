// Checkpoints: everything comes back, and what does not fit is an error that names it.
#include "difflm/training/checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/nn/safetensors.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

// A model with its optimiser, as a run has them.
struct Sitting {
  explicit Sitting(uint64_t seed, Token vocabulary = 20)
      : small(small_model("", vocabulary, 12, seed)), flat(*small.model), optimizer(flat, OptimizerOptions()) {}

  void step(uint64_t seed) {
    torch::manual_seed(seed);
    flat.gradients().normal_();
    optimizer.step(1);
  }
  void save(const std::string& folder, const Progress& progress) {
    save_checkpoint(folder, *small.model, flat, optimizer, progress);
  }
  Progress load(const std::string& folder) { return load_checkpoint(folder, *small.model, optimizer); }

  SmallModel small;
  FlatParameters flat;
  Optimizer optimizer;
};

Progress some_progress() {
  Progress progress;
  progress.step = 17;
  progress.seconds = 2.5;
  progress.tokens = 12345;
  progress.best_loss = 1.25;
  progress.best_step = 10;
  progress.validations_since_best = 2;
  progress.finished = true;
  return progress;
}

TEST(Checkpoint, RoundTrip) {
  const TemporaryFolder folder;
  Sitting first(1);
  for (uint64_t i = 0; i < 3; ++i) first.step(i);
  EXPECT_FALSE(has_checkpoint(folder.path()));
  first.save(folder.path(), some_progress());
  EXPECT_TRUE(has_checkpoint(folder.path()));
  Sitting second(2);
  const Progress progress = second.load(folder.path());
  EXPECT_EQ(progress.step, 17);
  EXPECT_EQ(progress.seconds, 2.5);
  EXPECT_EQ(progress.tokens, 12345);
  EXPECT_EQ(progress.best_loss, 1.25);
  EXPECT_EQ(progress.best_step, 10);
  EXPECT_EQ(progress.validations_since_best, 2);
  EXPECT_TRUE(progress.finished);
  EXPECT_EQ(second.optimizer.updates(), 3);
  first.step(9);
  second.step(9);
  EXPECT_TRUE(torch::equal(first.flat.values(), second.flat.values()));
  EXPECT_TRUE(torch::equal(first.optimizer.average(), second.optimizer.average()));
  EXPECT_TRUE(torch::equal(first.optimizer.second_moment(), second.optimizer.second_moment()));
}

TEST(Checkpoint, HoldsTheAverageBesideTheWeights) {
  const TemporaryFolder folder;
  Sitting sitting(1);
  for (uint64_t i = 0; i < 3; ++i) sitting.step(i);
  const Tensor values = sitting.flat.values().clone();
  sitting.save(folder.path(), {});
  EXPECT_TRUE(torch::equal(sitting.flat.values(), values));
  const auto model = read_safetensors(folder.file("checkpoint/model.safetensors")).tensors;
  const auto average = read_safetensors(folder.file("checkpoint/ema.safetensors")).tensors;
  for (const auto& [name, tensor] : model_tensors(*sitting.small.model)) EXPECT_TRUE(torch::equal(model.at(name), tensor)) << name;
  sitting.flat.with_values(sitting.optimizer.average(), [&] {
    for (const auto& [name, tensor] : model_tensors(*sitting.small.model))
      EXPECT_TRUE(torch::equal(average.at(name), tensor)) << name;
  });
  EXPECT_FALSE(torch::equal(model.at("space.table"), average.at("space.table")));
}

TEST(Checkpoint, IsReplacedAsAWhole) {
  const TemporaryFolder folder;
  Sitting sitting(1);
  sitting.save(folder.path(), {});
  sitting.step(1);
  Progress progress;
  progress.step = 1;
  sitting.save(folder.path(), progress);
  EXPECT_EQ(Sitting(2).load(folder.path()).step, 1);
  size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++entries;
    EXPECT_EQ(entry.path().filename(), "checkpoint");
  }
  EXPECT_EQ(entries, 1);
}

TEST(Checkpoint, AFolderThatCannotBeWrittenIsAFailure) {
  const TemporaryFolder folder;
  folder.write("file", "");
  failure_message([&] { Sitting(1).save(folder.file("file"), {}); });
}

// Saves a checkpoint, damages one file of it, and returns the error message of loading it.
std::string damaged(const std::function<void(const TemporaryFolder&)>& damage, Token vocabulary = 20) {
  const TemporaryFolder folder;
  Sitting(1).save(folder.path(), {});
  damage(folder);
  return error_of([&] { Sitting(2, vocabulary).load(folder.path()); }).text;
}

TEST(Checkpoint, DamageIsNamed) {
  const auto expect = [](const std::string& message, const std::vector<std::string>& parts) {
    for (const auto& part : parts) EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
  };
  const auto rewrite = [](const std::string& name, const std::function<void(NamedTensors&)>& change) {
    return [=](const TemporaryFolder& folder) {
      const std::string path = folder.file("checkpoint/" + name);
      auto content = read_safetensors(path);
      change(content.tensors);
      write_safetensors(path, content.tensors, content.metadata);
    };
  };
  expect(damaged([](const auto&) {}, 23), {"model.safetensors", "'rounding.bias'", "[20]", "[23]"});
  expect(damaged(rewrite("model.safetensors", [](NamedTensors& t) { t.erase("space.table"); })), {"'space.table' is missing"});
  expect(damaged(rewrite("model.safetensors", [](NamedTensors& t) { t["gpt"] = torch::ones({2}); })), {"'gpt' does not belong"});
  expect(damaged(rewrite("optimizer.safetensors", [](NamedTensors& t) { t.erase("average"); })),
         {"optimizer.safetensors", "'average'"});
  expect(damaged(rewrite("optimizer.safetensors", [](NamedTensors& t) { t["second_moment"] = torch::ones({2}); })),
         {"'second_moment'"});
  expect(damaged([](const auto& folder) {
           const std::string path = folder.file("checkpoint/optimizer.safetensors");
           write_safetensors(path, read_safetensors(path).tensors, {{"order", "space.table rounding.bias"}});
         }),
         {"optimizer.safetensors", "another order"});
  expect(damaged([](const auto& folder) { folder.write("checkpoint/state.json", "{"); }), {"state.json"});
  expect(damaged([](const auto& folder) { folder.write("checkpoint/state.json", "{\"step\": \"three\"}"); }), {"state.json"});
  expect(damaged([](const auto& folder) { folder.write("checkpoint/state.json", "[]"); }), {"state.json"});
  expect(damaged([](const auto& folder) {
           const std::string bytes = folder.read("checkpoint/model.safetensors");
           folder.write("checkpoint/model.safetensors", bytes.substr(0, bytes.size() / 2));
         }),
         {"model.safetensors"});
  expect(damaged([](const auto& folder) { std::filesystem::remove(folder.file("checkpoint/optimizer.safetensors")); }),
         {"optimizer.safetensors"});
}

}  // namespace
}  // namespace difflm::test
