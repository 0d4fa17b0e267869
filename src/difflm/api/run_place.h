// Where a run is kept that was given no folder: runs/NAME, or the next number where that holds another run.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace difflm {

struct RunPlace {
  std::string folder;
  std::string line;  // for the user: a new run, or one that goes on
};

bool holds_run(const std::string& folder);

// A name after files: "texts/poems.txt.gz" -> "poems", "texts/*.txt" -> "texts", "-" -> "input".
std::string name_after(const std::vector<std::string>& paths);

// `difference` of a folder that holds a run: in what that run is another than the one asked for, "" where it is the same.
RunPlace place_run(const std::string& name, const std::function<std::string(const std::string& folder)>& difference);

}  // namespace difflm
