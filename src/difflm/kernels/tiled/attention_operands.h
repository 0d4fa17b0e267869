// What the two passes of attention share: where an item is in the arrays, operands in tiles, scratch.
#pragma once

#include "difflm/kernels/attention_shape.h"
#include "difflm/kernels/tiled/lanes.h"
#include "difflm/kernels/tiled/multiply_block.h"
#include "difflm/kernels/tiled/pack.h"

namespace difflm::DIFFLM_LEVEL {

constexpr float kInfinity = __builtin_inff();

inline int64_t padded(int64_t count) { return tiles_of(count, kBlock) * kBlock; }

// [count, size], rows `step` apart.
struct Rows {
  const Bfloat16* values;
  int64_t step;
  int64_t count;
  int64_t size;
};

// What the passes know about an item, and where it is in the arrays.
struct Item {
  Item(const AttentionShape& shape, int64_t index)
      : length(shape.length),
        size(shape.head_size),
        width(shape.width()),
        head(index % shape.heads),
        row(index / shape.heads * length),
        first_log_sum(index * length) {}

  // Rows first .. first + count - 1 of queries (part 0), keys (1) or values (2).
  Rows part(const Bfloat16* queries_keys_values, int64_t number, int64_t first, int64_t count) const {
    return {queries_keys_values + three_place(number, first), 3 * width, count, size};
  }
  int64_t three_place(int64_t number, int64_t first) const { return (row + first) * 3 * width + number * width + head * size; }
  int64_t place(int64_t first) const { return (row + first) * width + head * size; }
  const float* bias_rows(const float* bias, int64_t first) const {
    return bias == nullptr ? nullptr : bias + (head * length + first) * length;
  }
  // Of dropout, for key 0.
  uint32_t dropout_place(int64_t query) const { return static_cast<uint32_t>((first_log_sum + query) * length); }

  int64_t length;
  int64_t size;
  int64_t width;
  int64_t head;
  int64_t row;            // of the sequence's first token in [B * T, ...]
  int64_t first_log_sum;  // of the item in [B,heads,T]
};

// Tiles of 16 rows x 32 columns, row by row, up to whole blocks of rows. `pack` is compiled separately for whole
// tiles, without masks.
template <class Pack>
[[gnu::always_inline]] inline void pack_by_rows(const Rows& from, Bfloat16* tiles, const Pack& pack) {
  for (int64_t row = 0; row < padded(from.count); row += kTile) {
    for (int64_t column = 0; column < from.size; column += kInner, tiles += kTileValues) {
      const Bfloat16* corner = from.values + row * from.step + column;
      const int64_t rows = from.count - row;
      const int64_t columns = from.size - column;
      if (rows >= kTile && columns >= kInner) {
        pack(corner, from.step, kTile, kInner, tiles);
      } else {
        pack(corner, from.step, rows, columns, tiles);
      }
    }
  }
}

// The transpose as the right operand of a product over the columns.
inline void pack_right_columns(const Rows& from, Bfloat16* tiles) {
  pack_by_rows(
      from, tiles, [](auto... arguments) __attribute__((always_inline)) { pack_right_transposed(arguments...); });
}

// As the right operand of a product over the rows: tiles of 32 rows x 16 columns, column by column, up to whole blocks of columns.
inline void pack_right_rows(const Rows& from, Bfloat16* tiles) {
  for (int64_t column = 0; column < padded(from.size); column += kTile) {
    for (int64_t row = 0; row < from.count; row += kInner, tiles += kTileValues) {
      const Bfloat16* corner = from.values + row * from.step + column;
      const int64_t rows = from.count - row;
      const int64_t columns = from.size - column;
      if (rows >= kInner && columns >= kTile) {
        pack_right(corner, from.step, kInner, kTile, tiles);
      } else {
        pack_right(corner, from.step, rows, columns > 0 ? columns : 0, tiles);
      }
    }
  }
}

// What the functions above have packed, for a product over `steps` tiles.
inline LeftRows left_tiles(const Bfloat16* tiles, int64_t steps) { return {tiles, kInner, steps * kTileValues, kTileValues}; }
inline RightTiles right_tiles(const Bfloat16* tiles, int64_t steps) { return {tiles, steps * kTileValues, kTileValues}; }

// A dense row-major left operand.
inline LeftRows left_rows(const Bfloat16* rows, int64_t step) { return {rows, step, kTile * step, kInner}; }

// The left operand of a product over the columns: the rows as they are stored if they fill their blocks, else a copy in `tiles`.
inline LeftRows left_operand(const Rows& from, Bfloat16* tiles) {
  if (from.count % kBlock == 0 && from.size % kInner == 0) return left_rows(from.values, from.step);
  pack_by_rows(
      from, tiles, [](auto... arguments) __attribute__((always_inline)) { pack_left(arguments...); });
  return left_tiles(tiles, tiles_of(from.size, kInner));
}

// result [rows, columns] (+)= left . right in whole blocks.
struct Product {
  int64_t rows;
  int64_t columns;
  int64_t steps;
  bool accumulate = false;

  void run(LeftRows left, const RightTiles& right, float* result, int64_t result_step) const {
    for (int64_t row = 0; row < rows; row += kBlock) {
      RightTiles block = right;
      for (int64_t column = 0; column < columns; column += kBlock) {
        multiply_block(left, block, steps, accumulate, result + row * result_step + column, result_step);
        block.values += 2 * right.next;
      }
      left.values += 2 * left.lower;
    }
  }
};

inline float inverse_root(int64_t size) { return 1.0F / __builtin_sqrtf(static_cast<float>(size)); }

// Hands out scratch in multiples of 64 bytes.
class Shelf {
 public:
  explicit Shelf(float* next) : next_(next) {}
  float* floats(int64_t count) {
    float* taken = next_;
    next_ += count;
    return taken;
  }
  Bfloat16* words(int64_t count) { return reinterpret_cast<Bfloat16*>(floats(count / 2)); }

 private:
  float* next_;
};

// Floats of scratch that the backward pass needs.
int64_t backward_scratch(const AttentionShape& shape);

}  // namespace difflm::DIFFLM_LEVEL
