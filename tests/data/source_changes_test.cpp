// What has become of the files of a corpus since it was prepared: changed, gone, added; and where an older version kept only a sum.
#include "difflm/data/source_changes.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/temporary_folder.h"

namespace difflm::test {
namespace {

TEST(SourceChanges, AreNoticedAfterwards) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 60; ++i) text += "some line " + std::to_string(i) + "\n";
  folder.write("a.txt", text);
  folder.write("b.txt", text + "more\n");
  Config config;
  config.read_toml("[data]\npath = \"" + folder.file("*.txt") + "\"\nvalidation = 0.3\n[data.word]\nmin_count = 1\n", "test");
  const auto options = read_options<DataOptions>(config, "data");
  prepare_data(options, config, folder.file("prepared"));
  CorpusFacts facts = read_corpus_facts(folder.file("prepared/data.json"));
  ASSERT_EQ(facts.source.sources.size(), 2);
  EXPECT_EQ(change_of_sources(facts, options), "");

  folder.write("b.txt", text + "even more\n");
  EXPECT_EQ(change_of_sources(facts, options), folder.file("b.txt") + " has changed (" + std::to_string(text.size() + 5) +
                                                   " bytes, now " + std::to_string(text.size() + 10) + ")");
  std::filesystem::remove(folder.file("a.txt"));
  folder.write("c.txt", "new\n");
  EXPECT_EQ(change_of_sources(facts, options), folder.file("a.txt") + " is gone, and 2 more files");

  facts.source.sources.clear();  // as an older version wrote it
  EXPECT_NE(change_of_sources(facts, options).find("data.path has changed"), std::string::npos);
  std::filesystem::remove(folder.file("c.txt"));
  folder.write("a.txt", text);
  folder.write("b.txt", text + "more\n");
  EXPECT_EQ(change_of_sources(facts, options), "");
  EXPECT_EQ(change_of_sources(CorpusFacts{}, DataOptions{}), "") << "the builtin corpus";
}

}  // namespace
}  // namespace difflm::test
