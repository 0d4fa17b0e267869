// What a run leaves for programs to read while it trains, and what a resumed one keeps of it.
#include "difflm/training/tracker/jsonl.h"

#include <gtest/gtest.h>

#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

TEST(JsonlTracker, keeps_what_was_logged_up_to_the_checkpoint) {
  const TemporaryFolder folder;
  {
    JsonlTracker tracker({}, {folder.path(), 0});
    for (const int64_t step : {1, 2, 3}) {
      tracker.log({step, {{"train/loss", 4.0 / static_cast<double>(step)}}});
      tracker.texts("samples", {"a\nb", "c\xff"}, step);
    }
  }
  const JsonlTracker resumed({}, {folder.path(), 2});
  EXPECT_EQ(folder.read("metrics.jsonl"), "{\"step\":1,\"train/loss\":4.0}\n{\"step\":2,\"train/loss\":2.0}\n");
  EXPECT_EQ(folder.read("samples.jsonl"),
            "{\"step\":1,\"texts\":[\"a\\nb\",\"c\uFFFD\"]}\n{\"step\":2,\"texts\":[\"a\\nb\",\"c\uFFFD\"]}\n");
}

}  // namespace
}  // namespace difflm::test
