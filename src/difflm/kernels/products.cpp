#include "difflm/kernels/products.h"

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/kernels/matrix_product.h"
#include "difflm/kernels/thread_sums.h"

namespace difflm {

struct Products::State {
  MatrixProducts library;  // of weights' gradients
  ThreadSums thread_sums;
  Buffer<float> product;     // [chunk, columns]
  Buffer<float> left;        // float32 copies of operands
  Buffer<float> right;       //
  Buffer<Bfloat16> scratch;  // of tiles, one share per thread
  Buffer<Bfloat16> left_tiles;
  Buffer<Bfloat16> right_tiles;
  int64_t reallocations() const {
    return thread_sums.reallocations() + product.reallocations() + left.reallocations() + right.reallocations() +
           scratch.reallocations() + left_tiles.reallocations() + right_tiles.reallocations();
  }
};

Products::Products(Instructions level)
    : vector_(vector_kernels(level)), tiles_(tile_kernels(level)), state_(std::make_unique<State>()) {
  if (level > best_instructions()) throw failure("kernels", "this processor has no " + name_of(level));
}
Products::~Products() = default;

int64_t Products::reallocations() const { return state_->reallocations(); }

namespace {

// Rows multiplied at a time: their float32 copies stay in cache.
int64_t chunk_rows(int64_t columns) {
  constexpr int64_t kValues = 1 << 18;
  constexpr int64_t kFewest = 64;
  return std::max(kFewest, kValues / columns);
}

const float* widen(const VectorKernels& vector, const Bfloat16* values, int64_t count, Buffer<float>& buffer) {
  float* to = buffer.get(count);
  for_shares(count, kValueGrain,
             [&](int64_t begin, int64_t end, int) { vector.widen_to_float(values + begin, end - begin, to + begin); });
  return to;
}

}  // namespace

void Products::multiply_panels(const Bfloat16* left, int64_t rows, PackedMatrix& weight, bool transposed, const Epilogue& epilogue,
                               float* column_sums) {
  const int64_t inner = transposed ? weight.inputs() : weight.outputs();
  auto& panels = transposed ? weight.forward_floats_ : weight.backward_floats_;
  if (!panels.is_made) {
    panels.values.fill(vector_, weight.rows(), transposed, inner, epilogue.columns);
    panels.is_made = true;
  }
  const auto left_rows = [&](int64_t first, int64_t count) {
    return widen(vector_, left + first * inner, count * inner, state_->left);
  };
  multiply_floats(left_rows, rows, panels.values, epilogue, column_sums);
}

template <class LeftRows>
void Products::multiply_floats(const LeftRows& left_rows, int64_t rows, const FloatPanels& right, const Epilogue& epilogue,
                               float* column_sums) {
  State& own = *state_;
  const int64_t most = std::min(rows, chunk_rows(epilogue.columns));
  float* product = own.product.get(most * epilogue.columns);
  const bool sums = epilogue.kind == Epilogue::Kind::gelu_backward;
  float* totals = nullptr;
  if (sums) std::fill_n(column_sums, epilogue.columns, 0.0F);
  if (sums) totals = own.right.get(epilogue.columns);
  for (int64_t first = 0; first < rows; first += most) {
    const int64_t count = std::min(most, rows - first);
    right.multiply(vector_, left_rows(first, count), count, product);
    const auto finish = [&](int64_t begin, int64_t end, float* own_sums) {
      vector_.finish_rows(epilogue, product + begin * epilogue.columns, first + begin, end - begin, own_sums);
    };
    if (!sums) {
      for_shares(count, kRowGrain, [&](int64_t begin, int64_t end, int) { finish(begin, end, nullptr); });
      continue;
    }
    own.thread_sums.run(count, kRowGrain, epilogue.columns, totals, finish);
    for (int64_t i = 0; i < epilogue.columns; ++i) column_sums[i] += totals[i];
  }
}

void Products::multiply_tiles(const Bfloat16* left, int64_t rows, const Bfloat16* tiles, int64_t inner, const Epilogue& epilogue,
                              float* column_sums) {
  State& own = *state_;
  const PackedShape shape = {inner, epilogue.columns};
  const int64_t needed = tiles_->product_scratch(shape);
  const int64_t threads = thread_count();
  Bfloat16* scratch = own.scratch.get(needed * threads);
  const int64_t row_blocks = (rows + 31) / 32;
  const bool by_rows = row_blocks >= 4 * threads || row_blocks >= shape.blocks();
  const auto share_of = [&](int64_t begin, int64_t end) {
    ProductShare share = {
        .left = left, .rows = rows, .tiles = tiles, .right = shape, .row_end = row_blocks * 32, .block_end = shape.blocks()};
    if (by_rows) {
      share.row_begin = begin * 32;
      share.row_end = end * 32;
    } else {
      share.block_begin = begin;
      share.block_end = end;
    }
    return share;
  };
  const int64_t count = by_rows ? row_blocks : shape.blocks();
  if (epilogue.kind != Epilogue::Kind::gelu_backward) {
    for_shares(count, 1, [&](int64_t begin, int64_t end, int thread) {
      tiles_->multiply_share(share_of(begin, end), epilogue, nullptr, scratch + thread * needed);
    });
    return;
  }
  own.thread_sums.run(count, 1, epilogue.columns, column_sums, [&](int64_t begin, int64_t end, float* sums) {
    tiles_->multiply_share(share_of(begin, end), epilogue, sums, scratch + omp_get_thread_num() * needed);
  });
}

void Products::forward(const Bfloat16* left, int64_t rows, PackedMatrix& weight, const Epilogue& epilogue) {
  if (tiles_ != nullptr) {
    const PackedShape shape = {weight.inputs(), weight.outputs()};
    if (!weight.forward_.is_made) {
      Bfloat16* tiles = weight.forward_.values.get(shape.values());
      for_shares(shape.blocks(), 1, [&](int64_t begin, int64_t end, int) {
        tiles_->pack_forward(weight.rows(), weight.outputs(), weight.inputs(), begin, end, tiles);
      });
      weight.forward_.is_made = true;
    }
    return multiply_tiles(left, rows, weight.forward_.values.data(), weight.inputs(), epilogue, nullptr);
  }
  multiply_panels(left, rows, weight, true, epilogue, nullptr);
}

void Products::forward(const float* left, int64_t rows, const FloatPanels& right, int64_t inputs, const Epilogue& epilogue) {
  if (!multiplies_floats()) throw failure("kernels", "this level multiplies in bfloat16");
  multiply_floats([&](int64_t first, int64_t) { return left + first * inputs; }, rows, right, epilogue, nullptr);
}

void Products::backward(const Bfloat16* left, int64_t rows, PackedMatrix& weight, const Epilogue& epilogue, float* column_sums) {
  if (tiles_ != nullptr) {
    const PackedShape shape = {weight.outputs(), weight.inputs()};
    if (!weight.backward_.is_made) {
      Bfloat16* tiles = weight.backward_.values.get(shape.values());
      for_shares(shape.steps(), 1, [&](int64_t begin, int64_t end, int) {
        tiles_->pack_gradient_right(weight.rows(), weight.outputs(), weight.inputs(), begin, end, tiles);
      });
      weight.backward_.is_made = true;
    }
    return multiply_tiles(left, rows, weight.backward_.values.data(), weight.outputs(), epilogue, column_sums);
  }
  multiply_panels(left, rows, weight, false, epilogue, column_sums);
}

void Products::weight_gradient(int64_t rows, const Bfloat16* d_output, int64_t outputs, const Bfloat16* input, int64_t inputs,
                               float* gradient, bool accumulate) {
  State& own = *state_;
  if (tiles_ != nullptr) {
    // How many rows are put into tiles at a time, so that they are still in cache when they are used.
    constexpr int64_t kRows = 512;
    const int64_t most = std::min(rows, kRows);
    const PackedShape left = {most, outputs};
    const PackedShape right = {most, inputs};
    Bfloat16* left_tiles = own.left_tiles.get(left.values());
    Bfloat16* right_tiles = own.right_tiles.get(right.values());
    for (int64_t first = 0; first < rows; first += most) {
      const int64_t count = std::min(most, rows - first);
      // A thread packs those rows of the operands that it computed itself.
      for_shares(PackedShape{count, 0}.steps(), 1, [&](int64_t begin, int64_t end, int) {
        tiles_->pack_gradient_right(input + first * inputs, count, inputs, begin, end, right_tiles);
        tiles_->pack_gradient_left(d_output + first * outputs, count, outputs, begin, end, left_tiles);
      });
      for_shares(left.blocks(), 1, [&](int64_t begin, int64_t end, int) {
        tiles_->weight_gradient_share(left_tiles, right_tiles, count, outputs, inputs, begin, end, accumulate || first > 0,
                                      gradient);
      });
    }
    return;
  }
  const int64_t most = std::min(rows, chunk_rows(outputs));
  for (int64_t first = 0; first < rows; first += most) {
    const int64_t count = std::min(most, rows - first);
    const float* left = widen(vector_, d_output + first * outputs, count * outputs, own.left);
    const float* right = widen(vector_, input + first * inputs, count * inputs, own.right);
    own.library.run(
        {.rows = outputs, .columns = inputs, .inner = count, .left_transposed = true, .accumulate = accumulate || first > 0}, left,
        right, gradient);
  }
}

}  // namespace difflm
