// Constituents of bracketed trees, and what is not a tree.
#include "difflm/syntax/tree_spans.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/corpora/builtin_corpus.h"

namespace difflm::test {
namespace {

TEST(TreeSpans, AreTheNodesAboveTheTags) {
  const TreeSpans read = tree_spans("(S (NP (DET the) (NOUN cafe)) (VP (AUX is)\n (ADJP (ADJ cheap))) (PUNCT .))");
  EXPECT_EQ(read.words, (std::vector<std::string>{"the", "cafe", "is", "cheap", "."}));
  EXPECT_EQ(read.tags, (std::vector<std::string>{"DET", "NOUN", "AUX", "ADJ", "PUNCT"}));
  EXPECT_EQ(read.spans, (std::vector<Span>{{"S", 0, 4}, {"NP", 0, 1}, {"VP", 2, 3}, {"ADJP", 3, 3}}));
}

TEST(TreeSpans, FitTheWordsOfTheBuiltinCorpus) {
  for (const auto& document : BuiltinCorpus({200, 5}).parse("", "")) {
    const TreeSpans read = tree_spans(document.tree);
    EXPECT_EQ(read.tags, document.tags);
    EXPECT_EQ(join_words(read.words), document.text);
    ASSERT_FALSE(read.spans.empty());
    EXPECT_EQ(read.spans.front().first, 0);
    EXPECT_EQ(read.spans.front().last + 1, static_cast<int64_t>(read.words.size()));
  }
}

TEST(TreeSpans, WhatIsNoTreeIsRefused) {
  EXPECT_NE(usage_message([] { tree_spans("(S (NP the)"); }).find("not closed"), std::string::npos);
  EXPECT_NE(usage_message([] { tree_spans("(S))"); }).find("closes nothing at character 4"), std::string::npos);
  EXPECT_NE(usage_message([] { tree_spans("( the)"); }).find("without a label"), std::string::npos);
  EXPECT_NE(usage_message([] { tree_spans("(NP the cafe)"); }).find("only one"), std::string::npos);
  EXPECT_NE(usage_message([] { tree_spans("the"); }).find("only one"), std::string::npos);
  EXPECT_NE(usage_message([] { tree_spans("(A b) (C d)"); }).find("second root"), std::string::npos);
  EXPECT_NE(usage_message([] { tree_spans("(NP the (NOUN cafe))"); }).find("beside a word"), std::string::npos);
}

}  // namespace
}  // namespace difflm::test
