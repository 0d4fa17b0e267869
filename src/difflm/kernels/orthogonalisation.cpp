#include "difflm/kernels/orthogonalisation.h"

#include <cmath>
#include <utility>

#include "difflm/kernels/parallel.h"
#include "difflm/kernels/products.h"

namespace difflm {

// What one thread works with.
struct Orthogonalisation::Worker {
  explicit Worker(Instructions level) : products(level) {}

  void run(float* matrix, int64_t rows, int64_t columns);

  Products products;
  PackedMatrix x;        // [m,n], m <= n
  PackedMatrix next_x;   //
  PackedMatrix gram;     // [m,m]
  Buffer<float> wide;    // [m,n]
  Buffer<float> first;   // [m,m]: A
  Buffer<float> second;  // [m,m]: A^2
  Buffer<Bfloat16> mix;  // [m,m]: a I + b A + c A^2
};

void Orthogonalisation::Worker::run(float* matrix, int64_t rows, int64_t columns) {
  const VectorKernels& vector = products.vector();
  const bool turned = rows > columns;
  const int64_t m = std::min(rows, columns);
  const int64_t n = std::max(rows, columns);
  double squares = 0;
  for (int64_t i = 0; i < m * n; ++i) squares += static_cast<double>(matrix[i]) * matrix[i];
  const auto scale = static_cast<float>(1 / (std::sqrt(squares) + 1e-30));
  float* own = wide.get(m * n);
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) own[i * n + j] = scale * (turned ? matrix[j * m + i] : matrix[i * n + j]);
  }
  vector.round_to_bfloat16(own, m * n, x.refill(m, n));
  float* a = first.get(m * m);
  float* a_squared = second.get(m * m);
  for (int step = 0; step < kOrthogonalisationSteps; ++step) {
    products.forward(x.rows(), m, x, {.kind = Epilogue::Kind::keep, .columns = m, .total = a});
    vector.round_to_bfloat16(a, m * m, gram.refill(m, m));
    products.forward(gram.rows(), m, gram, {.kind = Epilogue::Kind::keep, .columns = m, .total = a_squared});
    for (int64_t i = 0; i < m * m; ++i) a[i] = kOrthogonalisationB * a[i] + kOrthogonalisationC * a_squared[i];
    for (int64_t i = 0; i < m; ++i) a[i * m + i] += kOrthogonalisationA;
    Bfloat16* factor = mix.get(m * m);
    vector.round_to_bfloat16(a, m * m, factor);
    if (step + 1 == kOrthogonalisationSteps) {
      products.backward(factor, m, x, {.kind = Epilogue::Kind::keep, .columns = n, .total = own});
      break;
    }
    products.backward(factor, m, x, {.kind = Epilogue::Kind::round, .columns = n, .result = next_x.refill(m, n)});
    std::swap(x, next_x);
  }
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) (turned ? matrix[j * m + i] : matrix[i * n + j]) = own[i * n + j];
  }
}

Orthogonalisation::Orthogonalisation(Instructions level) : level_(level) {}
Orthogonalisation::~Orthogonalisation() = default;

void Orthogonalisation::run(float* matrices, int64_t count, int64_t rows, int64_t columns) {
  while (static_cast<int>(workers_.size()) < thread_count()) workers_.push_back(std::make_unique<Worker>(level_));
  for_shares(count, 1, [&](int64_t begin, int64_t end, int thread) {
    omp_set_num_threads(1);  // for what this share starts itself: a setting of its thread, which ends with the share
    for (int64_t at = begin; at < end; ++at)
      workers_[static_cast<size_t>(thread)]->run(matrices + at * rows * columns, rows, columns);
  });
}

}  // namespace difflm
