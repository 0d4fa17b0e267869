#include "difflm/kernels/encoder.h"

#include <algorithm>

#include "difflm/kernels/parallel.h"
#include "difflm/kernels/rows.h"
#include "difflm/kernels/thread_sums.h"

namespace difflm {
namespace {

constexpr int64_t kRowGrain = 8;        // rows a thread takes at least
constexpr int64_t kValueGrain = 16384;  // values a thread takes at least

// What one block keeps for its backward pass, of M = B * T rows.
struct BlockRecord {
  Buffer<Bfloat16> attention_normal;     // [M,H], normalised input of attention
  Buffer<float> attention_inverse;       // [M]
  Buffer<Bfloat16> queries_keys_values;  // [M,3H]
  Buffer<float> log_sums;                // [B,heads,T]
  Buffer<Bfloat16> mixed;                // [M,H]
  Buffer<Bfloat16> feed_forward_normal;  // [M,H]
  Buffer<float> feed_forward_inverse;    // [M]
  Buffer<Bfloat16> expanded;             // [M,F], before the GELU

  int64_t growths() const {
    return attention_normal.growths() + attention_inverse.growths() + queries_keys_values.growths() + log_sums.growths() +
           mixed.growths() + feed_forward_normal.growths() + feed_forward_inverse.growths() + expanded.growths();
  }
};

// The weights of a block as the products take them, norms folded in.
struct BlockWeights {
  Buffer<Bfloat16> queries_keys_values;    // [3H,H]
  Buffer<float> queries_keys_values_bias;  // [3H]
  Buffer<Bfloat16> output;                 // [H,H]
  Buffer<float> output_bias;               // [H]
  Buffer<Bfloat16> expand;                 // [F,H]
  Buffer<float> expand_bias;               // [F]
  Buffer<Bfloat16> contract;               // [H,F]
  Buffer<float> contract_bias;             // [H]
};

void round_all(const float* values, int64_t count, Bfloat16* result) {
  for_shares(count, kValueGrain,
             [&](int64_t begin, int64_t end, int) { round_to_bfloat16(values + begin, end - begin, result + begin); });
}

}  // namespace

struct Encoder::Record {
  int64_t batch = 0;
  int64_t length = 0;
  std::vector<BlockRecord> blocks;
  Buffer<Bfloat16> final_normal;
  Buffer<float> final_inverse;

  int64_t growths() const {
    int64_t sum = final_normal.growths() + final_inverse.growths();
    for (const auto& block : blocks) sum += block.growths();
    return sum;
  }
};

struct Encoder::State {
  EncoderShape shape;
  MatrixProducts products;
  Attention512 attention;
  std::vector<BlockWeights> weights;
  std::vector<std::shared_ptr<Record>> free_records;
  Buffer<float> stream;             // [M,H], the residual stream
  Buffer<Bfloat16> activated;       // [M,F]
  Buffer<Bfloat16> d_hidden_short;  // [M,H]
  Buffer<Bfloat16> d_expanded;      // [M,F]
  Buffer<Bfloat16> d_normal;        // [M,H]
  Buffer<Bfloat16> d_mixed;         // [M,H]
  Buffer<Bfloat16> d_three;         // [M,3H]
  Buffer<float> d_folded;           // the largest of [3H,H] and [F,H]
  ThreadSums thread_sums;
  Buffer<float> sums;              // of one folded weight, [2,H]
  std::vector<float> hidden_sums;  // [3H], column sums of d_hidden, then of the final norm's scale and shift
  std::vector<float> bias_sums;    // the larger of [3H] and [F]
  std::vector<float> d_norm;       // [2,H]
  NormArrays<const float> final_norm;

  AttentionShape attention_shape(const Record& record) const {
    return {record.batch, record.length, shape.heads, shape.width / shape.heads};
  }

  void fold(const LinearArrays<const float>& linear, const NormArrays<const float>& norm, int64_t rows, Bfloat16* folded,
            float* bias) const {
    const int64_t inner = shape.width;
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
      fold_weight(linear.weight + begin * inner, linear.bias + begin, norm.scale, norm.shift, end - begin, inner,
                  folded + begin * inner, bias + begin);
    });
  }

  // d_scale_shift [2,width] gains the gradients of the norm's.
  void fold_backward(const LinearArrays<const float>& linear, const NormArrays<const float>& norm, const float* d_weight_folded,
                     int64_t rows, const LinearArrays<float>& gradient, float* d_scale_shift) {
    const int64_t inner = shape.width;
    float* both = sums.get(2 * inner);
    thread_sums.run(rows, kRowGrain, 2 * inner, both, [&](int64_t begin, int64_t end, float* own) {
      fold_weight_backward(linear.weight + begin * inner, norm.scale, norm.shift, d_weight_folded + begin * inner,
                           gradient.bias + begin, end - begin, inner, gradient.weight + begin * inner, own, own + inner);
    });
    for (int64_t i = 0; i < 2 * inner; ++i) d_scale_shift[i] += both[i];
  }
};

Encoder::Encoder(const EncoderShape& shape) : state_(std::make_unique<State>()) {
  state_->shape = shape;
  state_->weights.resize(static_cast<size_t>(shape.layers));
}

Encoder::~Encoder() = default;

void Encoder::load(const EncoderArrays<const float>& weights) {
  const int64_t width = state_->shape.width;
  const int64_t inner = state_->shape.feed_forward;
  for (size_t layer = 0; layer < weights.blocks.size(); ++layer) {
    const auto& block = weights.blocks[layer];
    auto& own = state_->weights[layer];
    Bfloat16* three = own.queries_keys_values.get(3 * width * width);
    float* three_bias = own.queries_keys_values_bias.get(3 * width);
    int64_t part = 0;
    for (const auto* linear : {&block.query, &block.key, &block.value}) {
      state_->fold(*linear, block.attention_norm, width, three + part * width * width, three_bias + part * width);
      ++part;
    }
    round_all(block.output.weight, width * width, own.output.get(width * width));
    std::copy(block.output.bias, block.output.bias + width, own.output_bias.get(width));
    state_->fold(block.expand, block.feed_forward_norm, inner, own.expand.get(inner * width), own.expand_bias.get(inner));
    round_all(block.contract.weight, width * inner, own.contract.get(width * inner));
    std::copy(block.contract.bias, block.contract.bias + width, own.contract_bias.get(width));
  }
  // The final norm is not folded: its result leaves the encoder.
  state_->final_norm = weights.final_norm;
}

std::shared_ptr<Encoder::Record> Encoder::forward(int64_t batch, int64_t length, const float* hidden, const float* bias,
                                                  float* result, bool keep) {
  State& own = *state_;
  const int64_t rows = batch * length;
  const int64_t width = own.shape.width;
  const int64_t inner = own.shape.feed_forward;
  const float epsilon = own.shape.epsilon;
  std::shared_ptr<Record> record;
  if (own.free_records.empty()) {
    record = std::make_shared<Record>();
  } else {
    record = std::move(own.free_records.back());
    own.free_records.pop_back();
  }
  record->batch = batch;
  record->length = length;
  record->blocks.resize(std::max(record->blocks.size(), keep ? own.weights.size() : size_t{1}));

  float* stream = own.stream.get(rows * width);
  for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
    std::copy(hidden + begin * width, hidden + end * width, stream + begin * width);
  });
  for (size_t layer = 0; layer < own.weights.size(); ++layer) {
    const BlockWeights& weights = own.weights[layer];
    BlockRecord& kept = record->blocks[keep ? layer : 0];
    const auto normalise = [&](Buffer<Bfloat16>& normal, Buffer<float>& inverse) {
      Bfloat16* out = normal.get(rows * width);
      float* scales = inverse.get(rows);
      for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
        normalise_rows(stream + begin * width, end - begin, width, epsilon, out + begin * width, scales + begin);
      });
      return out;
    };
    const Bfloat16* normal = normalise(kept.attention_normal, kept.attention_inverse);
    Bfloat16* three = kept.queries_keys_values.get(rows * 3 * width);
    own.products.run({.rows = rows, .columns = 3 * width, .inner = width, .right_transposed = true, .with_bias = true}, normal,
                     weights.queries_keys_values.data(), weights.queries_keys_values_bias.data(), three);
    Bfloat16* mixed = kept.mixed.get(rows * width);
    own.attention.forward(own.attention_shape(*record), three, bias, mixed, kept.log_sums.get(rows * own.shape.heads));
    own.products.run({.rows = rows,
                      .columns = width,
                      .inner = width,
                      .right_transposed = true,
                      .with_bias = true,
                      .to_float = true,
                      .accumulate = true},
                     mixed, weights.output.data(), weights.output_bias.data(), stream);

    normal = normalise(kept.feed_forward_normal, kept.feed_forward_inverse);
    Bfloat16* expanded = kept.expanded.get(rows * inner);
    own.products.run({.rows = rows, .columns = inner, .inner = width, .right_transposed = true, .with_bias = true}, normal,
                     weights.expand.data(), weights.expand_bias.data(), expanded);
    Bfloat16* activated = own.activated.get(rows * inner);
    for_shares(rows * inner, kValueGrain,
               [&](int64_t begin, int64_t end, int) { gelu(expanded + begin, end - begin, activated + begin); });
    own.products.run({.rows = rows,
                      .columns = width,
                      .inner = inner,
                      .right_transposed = true,
                      .with_bias = true,
                      .to_float = true,
                      .accumulate = true},
                     activated, weights.contract.data(), weights.contract_bias.data(), stream);
  }
  Bfloat16* normal = keep ? record->final_normal.get(rows * width) : nullptr;
  float* inverse = keep ? record->final_inverse.get(rows) : nullptr;
  for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
    normalise_rows_to_float(stream + begin * width, end - begin, width, epsilon, own.final_norm.scale, own.final_norm.shift,
                            keep ? normal + begin * width : nullptr, keep ? inverse + begin : nullptr, result + begin * width);
  });
  if (keep) return record;
  give_back(std::move(record));
  return nullptr;
}

void Encoder::backward(std::shared_ptr<Record> record, const EncoderArrays<const float>& weights, const float* bias,
                       const float* d_result, const EncoderArrays<float>* gradients, float* d_hidden) {
  State& own = *state_;
  const int64_t rows = record->batch * record->length;
  const int64_t width = own.shape.width;
  const int64_t inner = own.shape.feed_forward;
  Bfloat16* d_short = own.d_hidden_short.get(rows * width);
  std::vector<float>& hidden_sums = own.hidden_sums;  // column sums of d_hidden: the bias gradient of whichever layer wrote it
  hidden_sums.resize(static_cast<size_t>(3 * width));

  own.thread_sums.run(rows, kRowGrain, 3 * width, hidden_sums.data(), [&](int64_t begin, int64_t end, float* sums) {
    normalise_rows_to_float_backward(d_result + begin * width, record->final_normal.data() + begin * width,
                                     record->final_inverse.data() + begin, weights.final_norm.scale, end - begin, width,
                                     d_hidden + begin * width, d_short + begin * width, sums + width, sums + 2 * width, sums);
  });
  if (gradients != nullptr) {
    std::copy_n(hidden_sums.data() + width, width, gradients->final_norm.scale);
    std::copy_n(hidden_sums.data() + 2 * width, width, gradients->final_norm.shift);
  }
  // d_hidden += that of the normalised states behind it; hidden_sums are of the new d_hidden.
  const auto normalise_backward = [&](const Bfloat16* d_normal, const Bfloat16* normal, const float* inverse) {
    own.thread_sums.run(rows, kRowGrain, width, hidden_sums.data(), [&](int64_t begin, int64_t end, float* sums) {
      normalise_rows_backward(d_normal + begin * width, normal + begin * width, inverse + begin, end - begin, width,
                              d_hidden + begin * width, d_short + begin * width, sums);
    });
  };
  // [out,in] = d_output^T . input
  const auto weight_product = [&](const Bfloat16* d_output, int64_t outputs, const Bfloat16* input, int64_t inputs, float* result) {
    own.products.run({.rows = outputs, .columns = inputs, .inner = rows, .left_transposed = true, .to_float = true}, d_output,
                     input, nullptr, result);
  };
  const auto norm_gradient = [&](const NormArrays<float>& gradient, const float* sums) {
    std::copy_n(sums, width, gradient.scale);
    std::copy_n(sums + width, width, gradient.shift);
  };
  std::vector<float>& d_norm = own.d_norm;
  std::vector<float>& bias_sums = own.bias_sums;
  bias_sums.resize(static_cast<size_t>(std::max(3 * width, inner)));

  for (size_t layer = own.weights.size(); layer-- > 0;) {
    const BlockWeights& packed = own.weights[layer];
    const BlockArrays<const float>& block = weights.blocks[layer];
    const BlockArrays<float>* gradient = gradients == nullptr ? nullptr : &gradients->blocks[layer];
    BlockRecord& kept = record->blocks[layer];

    // Feed-forward: d_hidden is the gradient of its result.
    Bfloat16* d_expanded = own.d_expanded.get(rows * inner);
    Bfloat16* activated = own.activated.get(rows * inner);
    if (gradient != nullptr) std::copy_n(hidden_sums.data(), width, gradient->contract.bias);
    own.products.run({.rows = rows, .columns = inner, .inner = width}, d_short, packed.contract.data(), nullptr, d_expanded);
    own.thread_sums.run(rows, kRowGrain, inner, bias_sums.data(), [&](int64_t begin, int64_t end, float* sums) {
      gelu_backward(kept.expanded.data() + begin * inner, end - begin, inner, d_expanded + begin * inner, activated + begin * inner,
                    sums);
    });
    Bfloat16* d_normal = own.d_normal.get(rows * width);
    own.products.run({.rows = rows, .columns = width, .inner = inner}, d_expanded, packed.expand.data(), nullptr, d_normal);
    if (gradient != nullptr) {
      weight_product(d_short, width, activated, inner, gradient->contract.weight);
      float* d_folded = own.d_folded.get(std::max(3 * width, inner) * width);
      weight_product(d_expanded, inner, kept.feed_forward_normal.data(), width, d_folded);
      std::copy_n(bias_sums.data(), inner, gradient->expand.bias);
      d_norm.assign(static_cast<size_t>(2 * width), 0);
      own.fold_backward(block.expand, block.feed_forward_norm, d_folded, inner, gradient->expand, d_norm.data());
      norm_gradient(gradient->feed_forward_norm, d_norm.data());
    }
    normalise_backward(d_normal, kept.feed_forward_normal.data(), kept.feed_forward_inverse.data());

    // Attention.
    Bfloat16* d_mixed = own.d_mixed.get(rows * width);
    Bfloat16* d_three = own.d_three.get(rows * 3 * width);
    if (gradient != nullptr) {
      std::copy_n(hidden_sums.data(), width, gradient->output.bias);
      weight_product(d_short, width, kept.mixed.data(), width, gradient->output.weight);
    }
    own.products.run({.rows = rows, .columns = width, .inner = width}, d_short, packed.output.data(), nullptr, d_mixed);
    std::fill(bias_sums.begin(), bias_sums.end(), 0.0F);
    own.attention.backward(own.attention_shape(*record), kept.queries_keys_values.data(), bias, kept.mixed.data(),
                           kept.log_sums.data(), d_mixed, d_three, bias_sums.data());
    own.products.run({.rows = rows, .columns = width, .inner = 3 * width}, d_three, packed.queries_keys_values.data(), nullptr,
                     d_normal);
    if (gradient != nullptr) {
      float* d_folded = own.d_folded.get(std::max(3 * width, inner) * width);
      weight_product(d_three, 3 * width, kept.attention_normal.data(), width, d_folded);
      d_norm.assign(static_cast<size_t>(2 * width), 0);
      const std::pair<const LinearArrays<const float>*, const LinearArrays<float>*> parts[] = {
          {&block.query, &gradient->query}, {&block.key, &gradient->key}, {&block.value, &gradient->value}};
      int64_t part = 0;
      for (const auto& [linear, d_linear] : parts) {
        std::copy_n(bias_sums.data() + part * width, width, d_linear->bias);
        own.fold_backward(*linear, block.attention_norm, d_folded + part * width * width, width, *d_linear, d_norm.data());
        ++part;
      }
      norm_gradient(gradient->attention_norm, d_norm.data());
    }
    normalise_backward(d_normal, kept.attention_normal.data(), kept.attention_inverse.data());
  }
  give_back(std::move(record));
}

void Encoder::give_back(std::shared_ptr<Record> record) { state_->free_records.push_back(std::move(record)); }

int64_t Encoder::growths() const {
  const State& own = *state_;
  int64_t sum = own.stream.growths() + own.activated.growths() + own.d_hidden_short.growths() + own.d_expanded.growths() +
                own.d_normal.growths() + own.d_mixed.growths() + own.d_three.growths() + own.d_folded.growths() +
                own.thread_sums.growths() + own.sums.growths();
  for (const auto& record : own.free_records) sum += record->growths();
  return sum;
}

}  // namespace difflm
