#include "difflm/kernels/tiled/product.h"

#include "difflm/kernels/tiled/multiply_block.h"
#include "difflm/kernels/tiled/pack.h"
#include "difflm/kernels/vector/finish.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

// Values of a packed weight processed at a time, so that they stay in the second-level cache while the rows pass.
constexpr int64_t kCachedValues = 1 << 19;

// A block of the product that the epilogue is working through.
struct Made {
  const float* values = nullptr;
  int64_t row = 0;
  int64_t rows = 0;
  int64_t column = 0;
  int64_t columns = 0;
};

// The next `count` rows of the block, or as many as are left.
template <Epilogue::Kind kKind>
[[gnu::always_inline]] inline void finish_next(const Epilogue& epilogue, int64_t count, Made& made, float* column_sums) {
  const int64_t rows = smaller(count, made.rows);
  if (rows <= 0) return;
  finish_block<kKind>(epilogue, made.values, kBlock, made.row, rows, made.column, made.columns, column_sums);
  made.values += rows * kBlock;
  made.row += rows;
  made.rows -= rows;
}

// Prefetches what the epilogue of a block will read, while the block is computed: its rows are too far apart for the processor to
// foresee.
template <Epilogue::Kind kKind>
[[gnu::always_inline]] inline void prefetch_inputs(const Epilogue& epilogue, int64_t row, int64_t rows, int64_t column) {
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t at = (row + i) * epilogue.columns + column;
    if constexpr (kKind == Epilogue::Kind::gelu_backward) _mm_prefetch(epilogue.before + at, _MM_HINT_T0);
  }
}

template <Epilogue::Kind kKind>
void multiply_kind(const ProductShare& share, const Epilogue& given, float* column_sums, Bfloat16* scratch) {
  const Epilogue epilogue = given;  // a copy that no store can change
  const TileScope scope;
  const int64_t inner = share.right.inner;
  const int64_t steps = share.right.steps();
  const int64_t cached = kCachedValues / (steps * 2 * kTileValues) > 0 ? kCachedValues / (steps * 2 * kTileValues) : 1;
  alignas(64) float blocks[2][kBlock * kBlock];  // in turn: one is finished while the next is made
  int turn = 0;
  Made made;
  const int64_t rows_a_step = (kBlock + steps - 1) / steps;
  for (int64_t first = share.block_begin; first < share.block_end; first += cached) {
    const int64_t last = smaller(first + cached, share.block_end);
    for (int64_t row = share.row_begin; row < share.row_end; row += kBlock) {
      const int64_t rows = smaller(kBlock, share.rows - row);
      LeftRows left = {share.left + row * inner, inner, kTile * inner, kInner};
      if (rows < kBlock || inner % kInner != 0) {
        for (int64_t step = 0; step < steps; ++step) {
          for (int64_t half = 0; half < 2; ++half) {
            pack_left(left.values + half * kTile * inner + step * kInner, inner, rows - half * kTile, inner - step * kInner,
                      scratch + (2 * step + half) * kTileValues);
          }
        }
        left = {scratch, kInner, kTileValues, 2 * kTileValues};
      }
      for (int64_t block = first; block < last; ++block) {
        prefetch_inputs<kKind>(epilogue, row, rows, block * kBlock);
        float* values = blocks[turn];
        turn = 1 - turn;
        multiply_block(left, {share.tiles + block * steps * 2 * kTileValues, kTileValues, 2 * kTileValues}, steps, false, values,
                       kBlock, [&](int64_t) { finish_next<kKind>(epilogue, rows_a_step, made, column_sums); });
        const int64_t column = block * kBlock;
        made = {values, row, rows, column, smaller(kBlock, share.right.columns - column)};
      }
    }
  }
  finish_next<kKind>(epilogue, kBlock, made, column_sums);
}

}  // namespace

void pack_forward(const Bfloat16* weight, int64_t outputs, int64_t inputs, int64_t begin, int64_t end, Bfloat16* tiles) {
  const int64_t steps = tiles_of(inputs, kInner);
  for (int64_t block = begin; block < end; ++block) {
    for (int64_t step = 0; step < steps; ++step) {
      for (int64_t half = 0; half < 2; ++half) {
        const int64_t output = block * kBlock + half * kTile;
        pack_right_transposed(weight + output * inputs + step * kInner, inputs, outputs - output, inputs - step * kInner,
                              tiles + ((block * steps + step) * 2 + half) * kTileValues);
      }
    }
  }
}

int64_t product_scratch(const PackedShape& right) { return 2 * right.steps() * kTileValues; }

void multiply_share(const ProductShare& share, const Epilogue& epilogue, float* column_sums, Bfloat16* scratch) {
  using Kind = Epilogue::Kind;
  switch (epilogue.kind) {
    case Kind::round:
      return multiply_kind<Kind::round>(share, epilogue, column_sums, scratch);
    case Kind::keep:
      return multiply_kind<Kind::keep>(share, epilogue, column_sums, scratch);
    case Kind::add:
      return multiply_kind<Kind::add>(share, epilogue, column_sums, scratch);
    case Kind::gelu:
      return multiply_kind<Kind::gelu>(share, epilogue, column_sums, scratch);
    case Kind::gelu_backward:
      return multiply_kind<Kind::gelu_backward>(share, epilogue, column_sums, scratch);
  }
}

// Row by row of tiles, in the order of the values. Whole tiles are compiled separately, without masks.
void pack_gradient_left(const Bfloat16* values, int64_t rows, int64_t columns, int64_t begin, int64_t end, Bfloat16* tiles) {
  const int64_t steps = tiles_of(rows, kInner);
  for (int64_t step = begin; step < end; ++step) {
    const int64_t height = rows - step * kInner;
    for (int64_t half = 0; half < 2 * tiles_of(columns, kBlock); ++half) {
      const int64_t width = columns - half * kTile;
      const Bfloat16* from = values + step * kInner * columns + half * kTile;
      Bfloat16* tile = tiles + (half * steps + step) * kTileValues;
      if (height >= kInner && width >= kTile) {
        pack_left_transposed(from, columns, kInner, kTile, tile);
      } else {
        pack_left_transposed(from, columns, height, width, tile);
      }
    }
  }
}

void pack_gradient_right(const Bfloat16* values, int64_t rows, int64_t columns, int64_t begin, int64_t end, Bfloat16* tiles) {
  const int64_t steps = tiles_of(rows, kInner);
  for (int64_t step = begin; step < end; ++step) {
    const int64_t height = rows - step * kInner;
    for (int64_t block = 0; block < tiles_of(columns, kBlock); ++block) {
      const int64_t width = columns - block * kBlock;
      const Bfloat16* from = values + step * kInner * columns + block * kBlock;
      Bfloat16* tile = tiles + (block * steps + step) * 2 * kTileValues;
      if (height >= kInner && width >= kBlock) {
        pack_right_pair(from, columns, tile);
      } else {
        pack_right(from, columns, height, width, tile);
        pack_right(from + kTile, columns, height, width - kTile, tile + kTileValues);
      }
    }
  }
}

void weight_gradient_share(const Bfloat16* left_tiles, const Bfloat16* right_tiles, int64_t rows, int64_t outputs, int64_t inputs,
                           int64_t begin, int64_t end, bool accumulate, float* gradient) {
  const TileScope scope;
  const int64_t steps = tiles_of(rows, kInner);
  alignas(64) float edge[kBlock * kBlock];
  for (int64_t block = begin; block < end; ++block) {
    const LeftRows left = {left_tiles + block * 2 * steps * kTileValues, kInner, steps * kTileValues, kTileValues};
    const int64_t height = smaller(kBlock, outputs - block * kBlock);
    for (int64_t column = 0; column < inputs; column += kBlock) {
      const RightTiles right = {right_tiles + column / kBlock * steps * 2 * kTileValues, kTileValues, 2 * kTileValues};
      float* to = gradient + block * kBlock * inputs + column;
      const int64_t width = smaller(kBlock, inputs - column);
      if (height == kBlock && width == kBlock) {
        multiply_block(left, right, steps, accumulate, to, inputs);
        continue;
      }
      multiply_block(left, right, steps, false, edge, kBlock);
      for (int64_t i = 0; i < height; ++i) {
        for (int64_t j = 0; j < width; ++j) {
          to[i * inputs + j] = edge[i * kBlock + j] + (accumulate ? to[i * inputs + j] : 0.0F);
        }
      }
    }
  }
}

}  // namespace difflm::DIFFLM_LEVEL
