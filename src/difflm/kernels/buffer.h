// Memory that grows and is never released while its owner lives: a training step in the steady state allocates nothing.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace difflm {

template <class Value>
class Buffer {
 public:
  // Room for at least `count` values, whose content is undefined after growing. Aligned to a cache line.
  Value* get(int64_t count) {
    if (count > capacity_) {
      constexpr size_t kLine = 64;
      const size_t bytes = (static_cast<size_t>(count) * sizeof(Value) + kLine - 1) / kLine * kLine;
      values_.reset();
      capacity_ = 0;
      values_.reset(static_cast<Value*>(std::aligned_alloc(kLine, bytes)));  // NOLINT: freed by Release
      if (!values_) throw std::bad_alloc();
      capacity_ = count;
      ++reallocations_;
    }
    return values_.get();
  }

  Value* data() { return values_.get(); }
  const Value* data() const { return values_.get(); }
  int64_t reallocations() const { return reallocations_; }

 private:
  struct Release {
    void operator()(Value* values) const { std::free(values); }  // NOLINT: from aligned_alloc
  };
  std::unique_ptr<Value, Release> values_;
  int64_t capacity_ = 0;
  int64_t reallocations_ = 0;
};

}  // namespace difflm
