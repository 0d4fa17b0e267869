// Transformer blocks alone: forward, forward and backward, and backward to the inputs only with frozen weights (as steering
// needs it). The results of the three ways are compared before they are timed.
#include <memory>

#include "bench.h"
#include "comparison.h"
#include "difflm/nn/autocast.h"
#include "difflm/nn/transformer.h"
#include "machine.h"
#include "trainee.h"
#include "way.h"

namespace difflm::bench {
namespace {

enum class Pass { forward, training, inputs_only };

class Blocks {
 public:
  Blocks(const Size& size, const Way& way, Pass pass)
      : way_(way),
        pass_(pass),
        position_({"locality"}, Config(), {size.width, size.width / 64, size.length}),
        bias_(position_.bias(size.length).detach()) {
    torch::manual_seed(1);  // the same weights, inputs and slopes in all ways
    blocks_ =
        std::make_shared<Transformer>(TransformerShape{size.width, size.layers, size.width / 64, 4 * size.width, 0.0, 1e-5, true});
    use_way(way, blocks_);
    for (auto& parameter : blocks_->parameters()) parameter.set_requires_grad(pass == Pass::training);
    hidden_ = torch::randn({size.batch, size.length, size.width}).set_requires_grad(pass != Pass::forward);
    slope_ = torch::randn_like(hidden_);
  }

  // The new states, or the gradient of the inputs.
  Tensor run() {
    const Autocast scope(way_.autocast, torch::kCPU);
    if (pass_ == Pass::forward) {
      const torch::NoGradGuard no_grad;
      return blocks_->forward(hidden_, bias_, position_);
    }
    hidden_.mutable_grad() = Tensor();
    blocks_->zero_grad();
    // As after an update: copies of weights that training cannot keep must not be kept here.
    if (pass_ == Pass::training) mark_changed(blocks_->parameters());
    blocks_->forward(hidden_, bias_, position_).backward(slope_);
    return hidden_.grad();
  }

 private:
  Way way_;
  Pass pass_;
  PositionSum position_;
  Tensor bias_;
  std::shared_ptr<Transformer> blocks_;
  Tensor hidden_;  // [B,T,H]
  Tensor slope_;   // [B,T,H]
};

}  // namespace

void bench_blocks(Report& report, const Effort& effort) {
  struct Case {
    Pass pass;
    std::string name;
    double forwards;  // operations, relative to a forward pass
  };
  for (const Size& size : {Size{6, 256, 64, 64}, Size{6, 256, 1, 64}, Size{8, 512, 64, 64}}) {
    for (const Case& c : {Case{Pass::forward, "forward", 1}, Case{Pass::training, "forward and backward", 3},
                          Case{Pass::inputs_only, "backward to inputs", 2}}) {
      Comparison comparison("transformer blocks", size.name() + ", " + c.name);
      for (const Way& way : ways()) {
        const auto blocks = std::make_shared<Blocks>(size, way, c.pass);
        comparison.add(way.name, [blocks] { return blocks->run(); });
      }
      comparison.set_operations(c.forwards * block_operations(size));
      comparison.run(report, effort);
    }
  }
}

}  // namespace difflm::bench
