// The name of the code that makes a run. Its source is written by the build (cmake/code_version.cmake).
#pragma once

namespace difflm {

// "VERSION-HASH": the hash of the sources that take part in a run, so that results of different code are not mixed.
const char* code_version();

}  // namespace difflm
