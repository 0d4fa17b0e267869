#include "difflm/kernels/linear_layer.h"

#include "difflm/kernels/packed_linear.h"
#include "difflm/kernels/thread_sums.h"

namespace difflm {

struct LinearLayer::State {
  explicit State(Instructions level) : products(level) {}

  Products products;
  PackedLinear linear;
  ThreadSums thread_sums;
  Buffer<Bfloat16> d_rounded;  // [rows,outputs]
};

LinearLayer::LinearLayer(Instructions level) : state_(std::make_unique<State>(level)) {}
LinearLayer::~LinearLayer() = default;

int64_t LinearLayer::reallocations() const {
  return state_->products.reallocations() + state_->linear.reallocations() + state_->thread_sums.reallocations() +
         state_->d_rounded.reallocations();
}

void LinearLayer::load(const float* weight, const float* bias, int64_t outputs, int64_t inputs) {
  state_->linear.load(state_->products.vector(), {weight, bias}, nullptr, outputs, inputs, 0, outputs);
}

void LinearLayer::forward(const float* input, int64_t rows, Bfloat16* rounded, float* result) {
  State& own = *state_;
  for_shares(rows * own.linear.weight().inputs(), kValueGrain, [&](int64_t begin, int64_t end, int) {
    own.products.vector().round_to_bfloat16(input + begin, end - begin, rounded + begin);
  });
  own.products.forward(
      rounded, rows, own.linear.weight(),
      {.kind = Epilogue::Kind::keep, .columns = own.linear.weight().outputs(), .bias = own.linear.bias(), .total = result});
}

void LinearLayer::backward(const Bfloat16* rounded, const float* d_result, int64_t rows, float* d_input, float* d_weight,
                           float* d_bias) {
  State& own = *state_;
  const VectorKernels& vector = own.products.vector();
  const int64_t outputs = own.linear.weight().outputs();
  const int64_t inputs = own.linear.weight().inputs();
  Bfloat16* d_rounded = own.d_rounded.get(rows * outputs);
  const auto round = [&](int64_t begin, int64_t end) {
    vector.round_to_bfloat16(d_result + begin * outputs, (end - begin) * outputs, d_rounded + begin * outputs);
  };
  if (d_weight == nullptr) {
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) { round(begin, end); });
  } else {
    own.thread_sums.run(rows, kRowGrain, outputs, d_bias, [&](int64_t begin, int64_t end, float* sums) {
      round(begin, end);
      vector.add_column_sums(d_rounded + begin * outputs, end - begin, outputs, sums);
    });
    own.products.weight_gradient(rows, d_rounded, outputs, rounded, inputs, d_weight);
  }
  if (d_input == nullptr) return;
  own.products.backward(d_rounded, rows, own.linear.weight(), {.kind = Epilogue::Kind::keep, .columns = inputs, .total = d_input});
}

}  // namespace difflm
