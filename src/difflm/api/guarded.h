// What every function of the public interface does around its work: callers see one type of exception, and what their own callbacks
// throw comes back to them once the work has ended in order.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "difflm/core/error.h"
#include "difflm/difflm.h"

namespace difflm {

inline RunError to_run_error(const Error& error) {
  return {error.kind() == Error::Kind::usage ? RunError::Kind::usage : RunError::Kind::failure, error.where(), error.problem(),
          error.hint(), error.what()};
}

// The exception in flight as a RunError. Throws it.
[[noreturn]] void rethrow_as_run_error();

// `work`, with whatever it throws as a RunError.
template <class Work>
auto guarded(Work work) {
  try {
    return work();
  } catch (...) {
    rethrow_as_run_error();
  }
}

// The callbacks of one call. After the first one that throws none is called any more, and the work is asked to stop.
class Callbacks {
 public:
  // What `call` returns; false once anything was thrown.
  template <class Call>
  bool ask(Call call) {
    bool goes_on = true;
    tell([&] { goes_on = call(); });
    return goes_on && !thrown_;
  }

  template <class Call>
  void tell(Call call) {
    if (thrown_) return;
    try {
      call();
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }

  bool failed() const { return thrown_ != nullptr; }

  // `work` as guarded, or what a callback threw.
  template <class Work>
  auto around(Work work) {
    try {
      auto result = work();
      if (!thrown_) return result;
    } catch (...) {
      if (!thrown_) rethrow_as_run_error();
    }
    std::rethrow_exception(thrown_);
  }

 private:
  std::exception_ptr thrown_;
};

}  // namespace difflm
