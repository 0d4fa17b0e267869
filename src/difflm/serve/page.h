// The page at /, a few files that are part of the program (src/difflm/serve/page).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "difflm/serve/http.h"

namespace difflm {

struct PageFile {
  std::string_view name;  // "page.css"
  std::string_view content;
};

// Made by cmake/embed.cmake from the folder page.
const std::vector<PageFile>& page_files();

// / is index.html, /page/NAME the other files.
void add_page_routes(Router& router);

}  // namespace difflm
