// Runs all tests with Torch on one thread: small tensors gain nothing from more, and golden comparisons stay reproducible.
#include <gtest/gtest.h>

#include "difflm/nn/torch.h"

namespace difflm::test {
namespace {

class OneThread : public ::testing::Environment {
 public:
  void SetUp() override { torch::set_num_threads(1); }
};

const auto* const kOneThread = ::testing::AddGlobalTestEnvironment(new OneThread);  // owned by GoogleTest

}  // namespace
}  // namespace difflm::test
