#include "difflm/kernels/encoder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "difflm/kernels/attention_sublayer.h"
#include "difflm/kernels/feed_forward_sublayer.h"

namespace difflm {
namespace {

// Normalised states, which are all that the backward pass of a norm needs.
struct SavedNorm {
  Buffer<Bfloat16> normal;  // [M,H], before scale and shift
  Buffer<float> inverse;    // [M]
  int64_t reallocations() const { return normal.reallocations() + inverse.reallocations(); }
};

// What one block keeps. With pre-norm, a sublayer's input is the normalised state before it. With post-norm it is kept separately,
// and the record is that of the norm after the sublayer.
struct SavedBlock {
  SavedNorm attention_norm;
  SavedNorm feed_forward_norm;
  Buffer<Bfloat16> attention_input;     // [M,H], post-norm only
  Buffer<Bfloat16> feed_forward_input;  // [M,H], post-norm only
  AttentionSublayer::SavedActivations attention;
  FeedForwardSublayer::SavedActivations feed_forward;

  int64_t reallocations() const {
    return attention_norm.reallocations() + feed_forward_norm.reallocations() + attention_input.reallocations() +
           feed_forward_input.reallocations() + attention.reallocations() + feed_forward.reallocations();
  }
};

struct Block {
  AttentionSublayer attention;
  FeedForwardSublayer feed_forward;
};

}  // namespace

struct Encoder::SavedActivations {
  std::vector<SavedBlock> blocks;
  SavedNorm final_norm;

  int64_t reallocations() const {
    int64_t sum = final_norm.reallocations();
    for (const auto& block : blocks) sum += block.reallocations();
    return sum;
  }
};

struct Encoder::State {
  explicit State(Instructions level) : workspace(level) {}

  EncoderShape shape;
  Workspace workspace;
  std::vector<Block> blocks;
  EncoderArrays<const float> weights;
  std::vector<std::shared_ptr<SavedActivations>> free_activations;
  Buffer<float> stream;          // [M,H], the residual stream
  Buffer<Bfloat16> d_short;      // [M,H], its gradient in bfloat16
  Buffer<Bfloat16> d_branch;     // [M,H], the same with dropout applied
  Buffer<Bfloat16> d_input;      // [M,H], gradient of a sublayer's input
  std::vector<float> sums;       // [3H], column sums of the stream's gradient; then gradients of a norm's scale and shift
  std::vector<float> drop_sums;  // [H]

  // normal = the normalised stream, without scale and shift.
  const Bfloat16* normalise(int64_t rows, SavedNorm& saved) {
    const int64_t width = shape.width;
    const float* from = stream.data();
    Bfloat16* normal = saved.normal.get(rows * width);
    float* inverse = saved.inverse.get(rows);
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
      workspace.vector.normalise_rows(from + begin * width, end - begin, width, shape.epsilon, normal + begin * width,
                                      inverse + begin);
    });
    return normal;
  }

  // result = norm(stream) with scale and shift; null keeps nothing for a backward pass.
  void normalise_whole(int64_t rows, const NormArrays<const float>& norm, SavedNorm* saved, float* result) {
    const int64_t width = shape.width;
    const float* from = stream.data();
    Bfloat16* normal = saved == nullptr ? nullptr : saved->normal.get(rows * width);
    float* inverse = saved == nullptr ? nullptr : saved->inverse.get(rows);
    for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
      workspace.vector.normalise_rows_to_float(from + begin * width, end - begin, width, shape.epsilon, norm.scale, norm.shift,
                                               normal == nullptr ? nullptr : normal + begin * width,
                                               inverse == nullptr ? nullptr : inverse + begin, result + begin * width);
    });
  }

  // d_hidden = gradient before a whole norm, from the one after it, d_result + d_more.
  void normalise_whole_backward(int64_t rows, const float* d_result, const Bfloat16* d_more, const SavedNorm& saved,
                                const NormArrays<const float>& norm, const NormArrays<float>* gradient, float* d_hidden) {
    const int64_t width = shape.width;
    Bfloat16* rounded = d_short.get(rows * width);
    workspace.thread_sums.run(rows, kRowGrain, 3 * width, sums.data(), [&](int64_t begin, int64_t end, float* own) {
      workspace.vector.normalise_rows_to_float_backward(
          d_result + begin * width, d_more == nullptr ? nullptr : d_more + begin * width, saved.normal.data() + begin * width,
          saved.inverse.data() + begin, norm.scale, end - begin, width, d_hidden + begin * width, rounded + begin * width,
          own + width, own + 2 * width, own);
    });
    if (gradient == nullptr) return;
    add_values(sums.data() + width, width, gradient->scale);
    add_values(sums.data() + 2 * width, width, gradient->shift);
  }

  // d_hidden += gradient through a norm whose scale and shift are folded away.
  void normalise_backward(int64_t rows, const Bfloat16* d_normal, const SavedNorm& saved, float* d_hidden) {
    const int64_t width = shape.width;
    Bfloat16* rounded = d_short.get(rows * width);
    workspace.thread_sums.run(rows, kRowGrain, width, sums.data(), [&](int64_t begin, int64_t end, float* own) {
      workspace.vector.normalise_rows_backward(d_normal + begin * width, saved.normal.data() + begin * width,
                                               saved.inverse.data() + begin, end - begin, width, d_hidden + begin * width,
                                               rounded + begin * width, own);
    });
  }

  // The gradient of a branch and its column sums, from that of the stream to which it was added.
  std::pair<const Bfloat16*, const float*> branch_gradient(int64_t rows, const float* d_hidden, const Dropout& dropout) {
    if (!dropout.is_on()) return {d_short.data(), sums.data()};
    const int64_t width = shape.width;
    drop_sums.resize(static_cast<size_t>(width));
    Bfloat16* dropped = d_branch.get(rows * width);
    workspace.thread_sums.run(rows, kRowGrain, width, drop_sums.data(), [&](int64_t begin, int64_t end, float* own) {
      workspace.vector.drop_rows(d_hidden + begin * width, end - begin, width, begin, dropout, dropped + begin * width, own);
    });
    return {dropped, drop_sums.data()};
  }

  // The stream in bfloat16, as a sublayer's input.
  const Bfloat16* round_stream(int64_t rows, Buffer<Bfloat16>& input) {
    const float* from = stream.data();
    Bfloat16* to = input.get(rows * shape.width);
    for_shares(rows * shape.width, kValueGrain,
               [&](int64_t begin, int64_t end, int) { workspace.vector.round_to_bfloat16(from + begin, end - begin, to + begin); });
    return to;
  }

  void forward_block(const EncoderInput& call, uint32_t place, SavedBlock& saved, bool keep) {
    const int64_t rows = call.rows();
    Block& block = blocks[place];
    float* states = stream.data();
    if (shape.pre_norm) {
      block.attention.forward(shape, call, place, normalise(rows, saved.attention_norm), workspace, saved.attention, states);
      block.feed_forward.forward(shape, call, place, normalise(rows, saved.feed_forward_norm), workspace, saved.feed_forward,
                                 states);
      return;
    }
    const auto& own = weights.blocks[place];
    block.attention.forward(shape, call, place, round_stream(rows, saved.attention_input), workspace, saved.attention, states);
    normalise_whole(rows, own.attention_norm, keep ? &saved.attention_norm : nullptr, states);
    block.feed_forward.forward(shape, call, place, round_stream(rows, saved.feed_forward_input), workspace, saved.feed_forward,
                               states);
    normalise_whole(rows, own.feed_forward_norm, keep ? &saved.feed_forward_norm : nullptr, states);
  }

  // d_hidden [M,H] is the gradient of the stream after the block on entry, before it on return.
  void backward_block(const EncoderInput& call, uint32_t place, const SavedBlock& saved, const BlockArrays<const float>& own,
                      const BlockArrays<float>* gradients, float* d_hidden) {
    const int64_t rows = call.rows();
    const int64_t width = shape.width;
    Block& block = blocks[place];
    Bfloat16* d_half = d_input.get(rows * width);
    const bool pre = shape.pre_norm;

    if (!pre) {
      normalise_whole_backward(rows, d_hidden, nullptr, saved.feed_forward_norm, own.feed_forward_norm,
                               gradients == nullptr ? nullptr : &gradients->feed_forward_norm, d_hidden);
    }
    const auto [d_fed, fed_sums] = branch_gradient(rows, d_hidden, call.dropout_at(3 * place + 2));
    block.feed_forward.backward(shape, call, pre ? saved.feed_forward_norm.normal.data() : saved.feed_forward_input.data(),
                                saved.feed_forward, d_fed, fed_sums, own, pre ? &own.feed_forward_norm : nullptr, gradients,
                                workspace, d_half);
    if (pre) {
      normalise_backward(rows, d_half, saved.feed_forward_norm, d_hidden);
    } else {
      normalise_whole_backward(rows, d_hidden, d_half, saved.attention_norm, own.attention_norm,
                               gradients == nullptr ? nullptr : &gradients->attention_norm, d_hidden);
    }
    const auto [d_attended, attended_sums] = branch_gradient(rows, d_hidden, call.dropout_at(3 * place + 1));
    block.attention.backward(shape, call, place, pre ? saved.attention_norm.normal.data() : saved.attention_input.data(),
                             saved.attention, d_attended, attended_sums, own, pre ? &own.attention_norm : nullptr, gradients,
                             workspace, d_half);
    if (pre) {
      normalise_backward(rows, d_half, saved.attention_norm, d_hidden);
    } else {
      for_shares(rows * width, kValueGrain, [&](int64_t begin, int64_t end, int) {
        workspace.vector.add_to_float(d_hidden + begin, d_half + begin, end - begin, d_hidden + begin);
      });
    }
  }
};

Encoder::Encoder(const EncoderShape& shape, Instructions level) : state_(std::make_unique<State>(level)) {
  state_->shape = shape;
  state_->blocks.resize(static_cast<size_t>(shape.layers));
  state_->sums.resize(static_cast<size_t>(3 * shape.width));
}

Encoder::~Encoder() = default;

void Encoder::load(const EncoderArrays<const float>& weights) {
  State& own = *state_;
  own.weights = weights;
  for (size_t layer = 0; layer < own.blocks.size(); ++layer) {
    const auto& block = weights.blocks[layer];
    own.blocks[layer].attention.load(own.shape, own.workspace.vector, block, own.shape.pre_norm ? &block.attention_norm : nullptr);
    own.blocks[layer].feed_forward.load(own.shape, own.workspace.vector, block,
                                        own.shape.pre_norm ? &block.feed_forward_norm : nullptr);
  }
}

std::shared_ptr<Encoder::SavedActivations> Encoder::forward(const EncoderInput& input, float* result, bool keep) {
  State& own = *state_;
  const int64_t rows = input.rows();
  const int64_t width = own.shape.width;
  std::shared_ptr<SavedActivations> saved;
  if (own.free_activations.empty()) {
    saved = std::make_shared<SavedActivations>();
  } else {
    saved = std::move(own.free_activations.back());
    own.free_activations.pop_back();
  }
  saved->blocks.resize(std::max(saved->blocks.size(), keep ? own.blocks.size() : size_t{1}));

  float* stream = own.stream.get(rows * width);
  for_shares(rows, kRowGrain, [&](int64_t begin, int64_t end, int) {
    std::copy(input.hidden + begin * width, input.hidden + end * width, stream + begin * width);
  });
  for (size_t layer = 0; layer < own.blocks.size(); ++layer) {
    own.forward_block(input, static_cast<uint32_t>(layer), saved->blocks[keep ? layer : 0], keep);
  }
  if (own.shape.pre_norm) {
    own.normalise_whole(rows, own.weights.final_norm, keep ? &saved->final_norm : nullptr, result);
  } else {
    std::copy(stream, stream + rows * width, result);
  }
  if (keep) return saved;
  give_back(std::move(saved));
  return nullptr;
}

void Encoder::backward(std::shared_ptr<SavedActivations> saved, const EncoderArrays<const float>& weights,
                       const EncoderInput& input, const float* d_result, const EncoderArrays<float>* gradients, float* d_hidden) {
  State& own = *state_;
  const int64_t rows = input.rows();
  if (own.shape.pre_norm) {
    own.normalise_whole_backward(rows, d_result, nullptr, saved->final_norm, weights.final_norm,
                                 gradients == nullptr ? nullptr : &gradients->final_norm, d_hidden);
  } else {
    std::copy(d_result, d_result + rows * own.shape.width, d_hidden);
  }
  for (size_t layer = own.blocks.size(); layer-- > 0;) {
    own.backward_block(input, static_cast<uint32_t>(layer), saved->blocks[layer], weights.blocks[layer],
                       gradients == nullptr ? nullptr : &gradients->blocks[layer], d_hidden);
  }
  give_back(std::move(saved));
}

void Encoder::give_back(std::shared_ptr<SavedActivations> saved) { state_->free_activations.push_back(std::move(saved)); }

int64_t Encoder::reallocations() const {
  const State& own = *state_;
  int64_t sum = own.workspace.reallocations() + own.stream.reallocations() + own.d_short.reallocations() +
                own.d_branch.reallocations() + own.d_input.reallocations();
  for (const auto& block : own.blocks) sum += block.attention.reallocations() + block.feed_forward.reallocations();
  for (const auto& saved : own.free_activations) sum += saved->reallocations();
  return sum;
}

}  // namespace difflm
