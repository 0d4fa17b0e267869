// How a plain text is divided into texts: at a mark between them, by lines, by blank lines, or not at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace difflm {

struct TextLayout {
  std::string mode;       // line, paragraph or stream; with a mark, what it would be without
  std::string delimiter;  // the mark, empty where there is none
  std::string mode_reason;
  std::string delimiter_reason;
};

// Looks at the first megabytes of `text`; `path` for its ending only.
TextLayout find_text_layout(std::string_view text, const std::string& path);

// The texts between the marks, without the white space around them. A mark of one repeated sign, like --- or %, counts only where
// it stands alone on a line, if it ever does: inside a line it may be a dash. Empty texts are left out.
std::vector<std::string_view> split_at_marks(std::string_view text, const std::string& delimiter);

}  // namespace difflm
