// The builtin corpus: texts of our own grammar with gold attributes, part-of-speech tags and trees.
//
// See docs/builtin_corpus.md for the language. It needs no file and gives any number of texts from a seed.
#pragma once

#include "difflm/corpora/corpus.h"
#include "difflm/grammar/builtin_grammar.h"
#include "difflm/text/words.h"

namespace difflm {

class BuiltinCorpus : public Corpus {
 public:
  struct Options {
    int64_t sentences = 20000;
    int64_t seed = 1;

    void describe(OptionVisitor& visitor) {
      visitor.field("sentences", sentences, "how many texts, each of one or two sentences", {1, 1e8});
      visitor.field("seed", seed, "text i is a function of the seed and i alone");
    }
  };

  explicit BuiltinCorpus(Options options) : options_(options) {}

  FoundOptions read(const std::string&, std::string, const DocumentSink& sink, ReadingLog&) override {
    for (int64_t i = 0; i < options_.sentences; ++i) {
      RandomStream random(static_cast<uint64_t>(options_.seed), "data.builtin", static_cast<uint64_t>(i));
      Sentence sentence = builtin_grammar().generate(random);
      sink({join_words(sentence.words), std::move(sentence.attributes), std::move(sentence.tags), std::move(sentence.tree)});
    }
    return {};
  }

  bool reads_files() const override { return false; }

 private:
  Options options_;
};

}  // namespace difflm
