#include "difflm/sampling/order.h"

#include "difflm/sampling/order/confidence.h"
#include "difflm/sampling/order/entropy_bound.h"
#include "difflm/sampling/order/random.h"

namespace difflm {

const RevealOrderFamily& reveal_orders() {
  using F = RevealOrderFamily;
  static const F family("sampling.order", "which words are revealed first, where noise replaces words",
                        {
                            variant<F, RandomOrder>("random", "any; with as many steps as words, one at a time"),
                            variant<F, EntropyBoundOrder>("entropy-bound", "those the model is sure of, several at a time"),
                            variant<F, ConfidenceOrder>("confidence", "the most probable ones; dull where nothing is wished for"),
                        });
  return family;
}

}  // namespace difflm
