// Where evaluation keeps what it need not make twice: the judges it has trained, and texts of an evaluation that was interrupted.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace difflm {

// The folders that may be it, the best first: $XDG_CACHE_HOME/difflm or ~/.cache/difflm, `beside`/cache (of a run; empty for none),
// and difflm-UID in the folder for temporary files.
std::vector<std::string> cache_folders(const std::string& beside);

// The first of `folders` that can be written, made where it is not there. Says where that is not the first. Throws a usage error
// where none can.
std::string writable_cache(const std::vector<std::string>& folders, const std::function<void(const std::string&)>& on_message);

}  // namespace difflm
