#include "difflm/data/annotation.h"

#include <algorithm>

#include "difflm/core/error.h"
#include "difflm/data/prepared.h"
#include "difflm/syntax/link_grammar.h"

namespace difflm {
namespace {

const char* const kParser = "link-grammar";
const char* const kTagger = "tagger";

std::string tagger_path(const std::string& folder) { return folder + "/tagger.json"; }

class PreparedTexts {
 public:
  explicit PreparedTexts(std::string folder) : folder_(std::move(folder)) {
    open_prepared(folder_);  // throws where the folder is not a prepared corpus, or is damaged
    for (const Side side : kSides) sides_[side] = read_prepared_documents(folder_, side);
    facts_ = read_corpus_facts(folder_ + "/data.json");
  }

  // Calls `change` on each text until `progress` returns false; true where it never did.
  bool each(const AnnotationProgress& progress, const std::function<void(Document&)>& change) {
    size_t done = 0;
    for (const Side side : kSides) {
      for (auto& document : sides_[side]) {
        if (!progress(done++, count())) return false;
        change(document);
      }
    }
    return true;
  }

  void write() const {
    for (const Side side : kSides) write_prepared_documents(folder_, side, sides_[side]);
  }

  void write_facts(const std::string& by, size_t texts) {
    facts_.annotated = {by, texts};
    write_corpus_facts(folder_ + "/data.json", facts_);
  }

  size_t count() const { return sides_.training.size() + sides_.validation.size(); }
  bool annotated() const { return facts_.annotated.has_value(); }
  bool tagged() const { return annotated() && facts_.annotated->by == kTagger; }

 private:
  std::string folder_;
  Sides<std::vector<Document>> sides_;
  CorpusFacts facts_;
};

}  // namespace

AnnotationCounts parse_prepared(const std::string& folder, const AnnotationProgress& progress) {
  PreparedTexts texts(folder);
  LinkGrammarParser parser;
  AnnotationCounts counts;
  counts.texts = texts.count();
  const bool finished = texts.each(progress, [&](Document& document) {
    if (texts.tagged()) document.tags.clear();
    if (document.tree.empty()) {
      if (auto annotation = parser.annotate(document.text)) {
        document.tags = std::move(annotation->tags);
        document.tree = std::move(annotation->tree);
      }
    }
    counts.annotated += document.tree.empty() ? 0 : 1;
  });
  texts.write();
  if (finished) texts.write_facts(kParser, counts.annotated);
  return counts;
}

TaggedCounts tag_prepared(const std::string& folder, const std::vector<Document>& documents, const std::string& source,
                          const AnnotationProgress& progress) {
  PreparedTexts texts(folder);
  if (!texts.annotated()) {
    texts.each([](size_t, size_t) { return true; },
               [&](const Document& document) {
                 if (document.tags.empty()) return;
                 throw usage_error(folder, "has texts with parts of speech of their own, expected plain text",
                                   "steer by those: the wish `part-of-speech`");
               });
  }
  TaggedCounts result;
  result.accuracy = held_out_accuracy(documents, source);
  result.counts.texts = texts.count();
  Tagger tagger(count_tags(documents, source));
  const bool finished = texts.each(progress, [&](Document& document) {
    document.tags = tagger.annotate(document.text)->tags;
    document.tree.clear();
    ++result.counts.annotated;
  });
  if (!finished) return result;
  tagger.counts().save(tagger_path(folder));
  texts.write();
  texts.write_facts(kTagger, result.counts.annotated);
  return result;
}

std::unique_ptr<Annotator> annotator_of(const std::string& folder) {
  const auto annotated = read_corpus_facts(folder + "/data.json").annotated;
  if (!annotated) return nullptr;
  if (annotated->by == kTagger) return std::make_unique<Tagger>(TagCounts::load(tagger_path(folder)));
  return std::make_unique<LinkGrammarParser>();
}

}  // namespace difflm
