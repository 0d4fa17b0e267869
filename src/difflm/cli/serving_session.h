// The server with its messages and Ctrl-C, for `difflm serve` and `difflm demo --serve`; and what `difflm train --watch` shares
// with it.
#pragma once

#include <string>
#include <vector>

#include "difflm/serve/serve_options.h"

namespace difflm {

struct ServeArguments {
  std::vector<std::string> runs;  // folders
  ServeOptions options;
  bool open = false;  // the page in a browser
};

// Says where it serves, and serves until Ctrl-C. Throws a usage error before that for what cannot be served.
void serve_with_messages(ServeArguments arguments);

// What requests call the run in `folder`: the folder's name.
std::string run_name(const std::string& folder);

// DIFFLM_API_KEY; empty: none is asked for.
std::string key_of_environment();

}  // namespace difflm
