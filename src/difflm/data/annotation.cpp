#include "difflm/data/annotation.h"

#include <array>

#include "difflm/core/files.h"
#include "difflm/data/prepared.h"
#include "difflm/text/link_grammar.h"

namespace difflm {

AnnotationCounts annotate_prepared(const std::string& folder, const std::function<bool(size_t done, size_t count)>& progress) {
  open_prepared(folder);  // says no to a folder that is no prepared corpus, or a damaged one
  LinkGrammarParser parser;
  std::array<std::vector<Document>, 2> sides;
  const std::array<std::string, 2> names = {"train", "validation"};
  AnnotationCounts counts;
  for (size_t side = 0; side < names.size(); ++side) {
    sides[side] = read_prepared_documents(folder, names[side]);
    counts.texts += sides[side].size();
  }
  size_t done = 0;
  bool stopped = false;
  for (size_t side = 0; side < names.size() && !stopped; ++side) {
    for (auto& document : sides[side]) {
      stopped = !progress(done++, counts.texts);
      if (stopped) break;
      if (document.tree.empty()) {
        if (auto annotation = parser.parse(document.text)) {
          document.tags = std::move(annotation->tags);
          document.tree = std::move(annotation->tree);
        }
      }
      counts.annotated += document.tree.empty() ? 0 : 1;
    }
    write_prepared_documents(folder, names[side], sides[side]);
  }
  if (stopped) return counts;
  auto facts = read_facts(folder + "/data.json");
  facts["annotated"] = {{"by", "link-grammar"}, {"texts", counts.annotated}};
  replace_file_with_text(folder + "/data.json", facts.dump(2) + "\n");
  return counts;
}

bool is_annotated(const std::string& folder) { return read_facts(folder + "/data.json").contains("annotated"); }

}  // namespace difflm
