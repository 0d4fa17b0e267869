#include "difflm/api/guarded.h"

#include <new>

#include "difflm/nn/torch.h"

namespace difflm {

void rethrow_as_run_error() {
  const auto failed = [](const std::string& problem, const std::string& hint = "") {
    return to_run_error(failure("", problem, hint));
  };
  try {
    throw;
  } catch (const RunError&) {
    throw;
  } catch (const Error& error) {
    throw to_run_error(error);
  } catch (const c10::Error& error) {
    throw failed(std::string("internal error in LibTorch: ") + error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    throw failed("out of memory", "a smaller model, batch or data.length needs less");
  } catch (const std::exception& error) {
    throw failed(error.what());
  }
}

}  // namespace difflm
