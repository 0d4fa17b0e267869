// What runtime.kernels and runtime.autocast choose, seen by the names of the autograd nodes that made the results.
#include "difflm/model/runtime.h"

#include <gtest/gtest.h>

#include "difflm/core/error.h"
#include "difflm/kernels/processor.h"
#include "difflm/nn/transformer.h"
#include "model/small_model.h"

namespace difflm::test {
namespace {

struct Nodes {
  bool blocks = false;    // the kernels ran the transformer
  bool rounding = false;  // and the cross-entropy
};

// True where the node of the tensor, or one that leads to it without a branch, has that name.
bool comes_from(const Tensor& tensor, const std::string& name) {
  for (auto node = tensor.grad_fn(); node; node = node->num_outputs() == 0 ? nullptr : node->next_edge(0).function) {
    if (node->name() == name) return true;
  }
  return false;
}

Nodes nodes_of(const std::string& kernels, bool autocast, const std::string& toml = "") {
  const auto small = small_model(toml);
  RuntimeOptions options;
  options.threads = 1;
  options.kernels = kernels;
  options.autocast = autocast;
  use_runtime(options, *small.model);
  auto& model = small.diffusion();
  Tensor blocks;
  for (const auto& module : model.modules()) {
    auto* transformer = module->as<Transformer>();
    if (transformer == nullptr) continue;
    PositionSum position({}, Config(), {16, 4, 12});
    blocks = transformer->forward(torch::randn({2, 5, 16}), {}, position);
  }
  const Tensor points = torch::randn({2, 5, model.dimension()}).requires_grad_();
  const Tensor tokens = torch::randint(4, 20, {2, 5}, torch::kInt64);
  return {blocks.defined() && comes_from(blocks, "FusedTransformerBackward"),
          comes_from(model.cross_entropy(points, model.table(), tokens), "FusedCrossEntropyBackward")};
}

TEST(Runtime, KernelsAreTakenWhereTheyCanBeAndAsAskedFor) {
  if (best_instructions() < Instructions::avx2) GTEST_SKIP() << "auto takes operators on this processor";
  for (const std::string kernels : {"auto", "fused"}) {
    for (const std::string denoiser : {"transformer", "bert"}) {
      const Nodes nodes = nodes_of(kernels, true, "[model]\ndenoiser = \"" + denoiser + "\"\n");
      EXPECT_TRUE(nodes.blocks) << kernels << " " << denoiser;
      EXPECT_TRUE(nodes.rounding) << kernels << " " << denoiser;
    }
  }
}

TEST(Runtime, EagerAndFloat32KeepToOperators) {
  for (const auto& nodes : {nodes_of("eager", true), nodes_of("eager", false), nodes_of("auto", false)}) {
    EXPECT_FALSE(nodes.blocks);
    EXPECT_FALSE(nodes.rounding);
  }
}

TEST(Runtime, FusedKernelsThatCannotBeHadAreAnError) {
  EXPECT_THROW(nodes_of("fused", false), Error);
  // The hobby baseline's network is LibTorch's own.
  const std::string plain =
      "[model]\ndenoiser = \"plain\"\nself_conditioning = false\ncontext_free = false\ngiven_flag = false\n[model.plain]\nheads = "
      "2\n";
  EXPECT_FALSE(nodes_of("eager", false, plain).blocks);
  EXPECT_THROW(nodes_of("fused", true, plain), Error);
}

}  // namespace
}  // namespace difflm::test
