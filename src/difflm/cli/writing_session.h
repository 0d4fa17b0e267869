// Writing texts as the user sees it: texts or JSON on standard output or in a file, each as soon as it is finished; progress and
// the outcome of the wishes on standard error, a trace in a file. Shared by the verbs `sample` and `control`.
#pragma once

#include <string>

#include "difflm/cli/sample_overrides.h"
#include "difflm/difflm.h"

namespace difflm {

struct WritingArguments {
  std::string run;
  Request request;
  SampleOverrides overrides;
  std::string output;  // a file for the texts; empty: standard output
  std::string trace;
  bool jsonl = false;
  bool quiet = false;
};

// Throws Interrupted after Ctrl-C and OutputClosed where nobody reads any more; the texts that were finished are written.
void write_with_progress(const WritingArguments& arguments);

}  // namespace difflm
