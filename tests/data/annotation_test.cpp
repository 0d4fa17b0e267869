// Annotating a prepared corpus adds trees and tags to its texts, and changes nothing else.
#include "difflm/data/annotation.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/data/prepared.h"
#include "difflm/syntax/tree_spans.h"
#include "difflm/text/words.h"

namespace difflm::test {
namespace {

const char* const kTexts =
    "The cafe is cheap.\nThe old pub serves good food.\nIt is near the river.\nThe of and cafe the.\nThere is a bakery in the city "
    "centre.\nThe restaurant is closed.\nCheap is the in.\nThe park is quiet.\n";

class AnnotationTest : public testing::Test {
 protected:
  AnnotationTest() {
    Config config;
    config.read_toml("[data]\npath = \"" + folder.write("t.txt", kTexts) + "\"\nvalidation = 0.3\n[data.word]\nmin_count = 1\n",
                     "t");
    prepare_data(read_options<DataOptions>(config, "data"), config, path);
  }
  std::vector<Document> documents() const {
    auto all = read_prepared_documents(path, Side::training);
    for (auto& document : read_prepared_documents(path, Side::validation)) all.push_back(std::move(document));
    return all;
  }

  TemporaryFolder folder;
  std::string path = folder.file("data");
};

TEST_F(AnnotationTest, TextsThatCanBeParsedGetTheirTreesAndTags) {
  const auto before = documents();
  const PreparedData data = open_prepared(path);
  EXPECT_EQ(annotator_of(path), nullptr);
  const auto counts = parse_prepared(path, [](size_t, size_t) { return true; });
  EXPECT_NE(annotator_of(path), nullptr);
  EXPECT_EQ(counts.texts, 8);
  EXPECT_EQ(counts.annotated, 6);
  const auto after = documents();
  ASSERT_EQ(after.size(), before.size());
  for (size_t at = 0; at < after.size(); ++at) {
    EXPECT_EQ(after[at].text, before[at].text);
    const bool sentence = after[at].text != "The of and cafe the." && after[at].text != "Cheap is the in.";
    EXPECT_EQ(!after[at].tree.empty(), sentence) << after[at].text;
    if (!sentence) continue;
    EXPECT_EQ(tree_spans(after[at].tree).words, split_words(after[at].text));
    EXPECT_EQ(tree_spans(after[at].tree).tags, after[at].tags);
  }
  const PreparedData same = open_prepared(path);
  EXPECT_EQ(same.training, data.training);
  EXPECT_EQ(same.validation, data.validation);
}

TEST_F(AnnotationTest, WhatWasParsedBeforeAStopIsKept) {
  const auto counts = parse_prepared(path, [](size_t done, size_t) { return done < 3; });
  EXPECT_EQ(annotator_of(path), nullptr);
  size_t trees = 0;
  for (const auto& document : documents()) trees += document.tree.empty() ? 0 : 1;
  EXPECT_EQ(trees, counts.annotated);
  EXPECT_LE(trees, 3);
  EXPECT_EQ(parse_prepared(path, [](size_t, size_t) { return true; }).annotated, 6);
  EXPECT_NE(annotator_of(path), nullptr);
}

const std::vector<Document> kTagged = {{"The cafe sells food.", {}, {"D", "N", "V", "N", "."}, ""},
                                       {"It is cheap.", {}, {"P", "V", "A", "."}, ""}};

TEST_F(AnnotationTest, ATaggerTagsEveryTextAndStays) {
  const auto all = [](size_t, size_t) { return true; };
  parse_prepared(path, all);
  const auto tagged = tag_prepared(path, kTagged, "tagged.txt", all);  // instead of what the parser made
  EXPECT_EQ(tagged.counts.annotated, 8);
  const auto annotator = annotator_of(path);
  for (const auto& document : documents()) {
    EXPECT_EQ(document.tags.size(), split_words(document.text).size());
    EXPECT_EQ(document.tree, "");
    EXPECT_EQ(annotator->annotate(document.text)->tags, document.tags);
    EXPECT_EQ(document.tags[0] == "P", document.text.substr(0, 3) == "It ") << document.text;
  }
  EXPECT_EQ(parse_prepared(path, all).annotated, 6);  // and back
  for (const auto& document : documents()) EXPECT_EQ(document.tags.empty(), document.tree.empty());
}

TEST_F(AnnotationTest, AStoppedTaggerChangesNothing) {
  tag_prepared(path, kTagged, "tagged.txt", [](size_t done, size_t) { return done < 3; });
  EXPECT_EQ(annotator_of(path), nullptr);
  for (const auto& document : documents()) EXPECT_TRUE(document.tags.empty());
}

TEST_F(AnnotationTest, TagsOfTheCorpusStand) {
  auto own = read_prepared_documents(path, Side::training);
  own[0].tags.assign(split_words(own[0].text).size(), "N");
  write_prepared_documents(path, Side::training, own);
  EXPECT_NE(usage_message([&] {
              tag_prepared(path, kTagged, "tagged.txt", [](size_t, size_t) { return true; });
            }).find("parts of speech of their own"),
            std::string::npos);
}

TEST_F(AnnotationTest, AFolderWithoutTextsIsRefused) {
  EXPECT_NE(usage_message([&] { parse_prepared(folder.path(), [](size_t, size_t) { return true; }); }).find("is not a prepared"),
            std::string::npos);
}

}  // namespace
}  // namespace difflm::test
