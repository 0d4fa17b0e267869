// Writing texts as the user sees it: texts or JSON on standard output, progress and the outcome of the wishes on standard error, a
// trace in a file. Shared by the verbs `sample` and `control`.
#pragma once

#include <string>

#include "difflm/cli/sample_overrides.h"
#include "difflm/difflm.h"

namespace difflm {

struct WritingArguments {
  std::string run;
  Request request;
  SampleOverrides overrides;
  std::string trace;
  bool jsonl = false;
  bool quiet = false;
};

// Throws Interrupted after Ctrl-C.
void write_with_progress(const WritingArguments& arguments);

}  // namespace difflm
