#include "difflm/cli/verb.h"

namespace difflm {

void add_demo(CLI::App&) {}

}  // namespace difflm
