// Pages that were written about a run: the *.html in its folder, and the report of the experiment that it belongs to.
//
// They are found by looking into the folder. A request names one by its number in that list, so nothing of a request becomes part
// of a path; what is a link to somewhere else is left out.
#pragma once

#include <string>
#include <vector>

namespace difflm {

struct RunReport {
  std::string title;  // as the page has it, else its file's name
  std::string path;
};

std::vector<RunReport> reports_of(const std::string& folder);

}  // namespace difflm
