#include "difflm/kernels/vector/finish_rows.h"

#include "difflm/kernels/vector/finish.h"

namespace difflm::DIFFLM_LEVEL {
namespace {

template <Epilogue::Kind kKind>
void finish_kind(const Epilogue& epilogue, const float* product, int64_t row, int64_t rows, float* column_sums) {
  for (int64_t column = 0; column < epilogue.columns; column += 2 * kLanes) {
    const int64_t left = epilogue.columns - column;
    finish_block<kKind>(epilogue, product + column, epilogue.columns, row, rows, column, left < 2 * kLanes ? left : 2 * kLanes,
                        column_sums);
  }
}

}  // namespace

void finish_rows(const Epilogue& epilogue, const float* product, int64_t row, int64_t rows, float* column_sums) {
  using Kind = Epilogue::Kind;
  switch (epilogue.kind) {
    case Kind::round:
      return finish_kind<Kind::round>(epilogue, product, row, rows, column_sums);
    case Kind::keep:
      return finish_kind<Kind::keep>(epilogue, product, row, rows, column_sums);
    case Kind::add:
      return finish_kind<Kind::add>(epilogue, product, row, rows, column_sums);
    case Kind::gelu:
      return finish_kind<Kind::gelu>(epilogue, product, row, rows, column_sums);
    case Kind::gelu_backward:
      return finish_kind<Kind::gelu_backward>(epilogue, product, row, rows, column_sums);
  }
}

}  // namespace difflm::DIFFLM_LEVEL
