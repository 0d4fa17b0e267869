// A run in training is sampled from as one opened from its folder.
#include "difflm/training/training_run.h"

#include <gtest/gtest.h>

#include "core/temporary_folder.h"
#include "difflm/sampling/generate.h"
#include "training/small_run.h"

namespace difflm::test {
namespace {

TEST(TrainingRun, IsSampledFromAsAnOpenedOne) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("run"));
  // The bigrams are counted in the texts of the run, so it has to know where these are.
  const Config config = tiny_run_config("[runtime]\nautocast = false\n[sampling]\nfluency = 0.5\n[data]\nlong = \"split\"\n");
  TrainingRun trained = set_up_run(config, folder.file("run"), [](const std::string&) {});
  train(trained, {});
  trained.model->eval();
  difflm::Run opened = open_run(folder.file("run"), "model");
  EXPECT_EQ(trained.length, opened.length);
  EXPECT_EQ(trained.corpus, opened.corpus);
  EXPECT_EQ(trained.packing->frame(), opened.packing->frame());
  SampleRequest request;
  request.count = 5;
  const auto options = read_options<SamplingOptions>(config, "sampling");
  const auto expected = generate(opened, options, request);
  const auto texts = generate(trained, options, request);
  ASSERT_EQ(texts.size(), 5);
  for (size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(texts[i].text, expected[i].text);
}

}  // namespace
}  // namespace difflm::test
