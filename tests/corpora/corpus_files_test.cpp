// Which files a path means, and what is done to get at their text.
#include "difflm/corpora/corpus_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/corpora/corpus.h"

namespace difflm::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CorpusFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::string folder : {"a", "a/b", ".hidden", "lr=0.1"}) std::filesystem::create_directories(folder_.file(folder));
    for (const std::string name :
         {"one.txt", "a/two.txt", "a/b/three.txt", "a/b/note.md", ".hidden/four.txt", "a/.five.txt", "lr=0.1/six.txt"}) {
      folder_.write(name, "text of " + name + "\n");
    }
  }

  std::vector<std::string> found(const std::vector<std::string>& patterns) {
    std::vector<std::string> names;
    for (const auto& path : find_corpus_files(patterns, log_))
      names.push_back(std::filesystem::relative(path, folder_.path()).string());
    return names;
  }

  TemporaryFolder folder_;
  ReadingLog log_;
};

TEST_F(CorpusFiles, TwoStarsGoToAnyDepth) {
  EXPECT_THAT(found({folder_.file("**/*.txt")}), ElementsAre("a/b/three.txt", "a/two.txt", "lr=0.1/six.txt", "one.txt"));
  EXPECT_THAT(found({folder_.file("a/**")}), ElementsAre("a/b/note.md", "a/b/three.txt", "a/two.txt"));
  EXPECT_THAT(found({folder_.file("a/**/b/*.md")}), ElementsAre("a/b/note.md"));
  EXPECT_THAT(found({folder_.file("*/*.txt")}), ElementsAre("a/two.txt", "lr=0.1/six.txt"));
}

TEST_F(CorpusFiles, AFolderIsItsTextFilesAndTheOthersAreNamed) {
  folder_.write("a/picture.png", std::string("\x89PNG\r\n\0\0", 8));
  EXPECT_THAT(found({folder_.file("a")}), ElementsAre("a/b/note.md", "a/b/three.txt", "a/two.txt"));
  EXPECT_THAT(log_.notes(), Contains(AllOf(HasSubstr("no text"), HasSubstr("picture.png"))));
  std::filesystem::create_directory(folder_.file("empty"));
  EXPECT_THAT(usage_message([&] { found({folder_.file("empty")}); }), HasSubstr("without text files"));
  folder_.write("empty/data.json", "{}");
  folder_.write("empty/train.bin", "");
  EXPECT_THAT(usage_message([&] { found({folder_.file("empty")}); }), HasSubstr("data.prepared="));
}

TEST_F(CorpusFiles, ATildeIsTheHomeFolder) {
  const char* before = std::getenv("HOME");
  const std::string home = before == nullptr ? "" : before;
  ::setenv("HOME", folder_.path().c_str(), 1);
  EXPECT_THAT(found({"~/one.txt"}), ElementsAre("one.txt"));
  EXPECT_THAT(found({"~/a/*.txt"}), ElementsAre("a/two.txt"));
  ::setenv("HOME", home.c_str(), 1);
}

TEST_F(CorpusFiles, AFileNamedTwiceIsReadOnce) {
  EXPECT_THAT(found({folder_.file("one.txt"), folder_.file("*.txt"), folder_.file("a/../one.txt")}), ElementsAre("one.txt"));
  EXPECT_THAT(log_.notes(), Contains("files that are named more than once, read once: 2"));
}

TEST_F(CorpusFiles, ManyShortFilesOfDifferentLengthsAreATextEach) {
  for (int i = 0; i < 30; ++i) {
    std::string poem;
    for (int line = 0; line < 3 + i % 9; ++line) poem += "The river runs " + std::to_string(i) + ",\n";
    folder_.write("a/b/poem" + std::to_string(i) + ".txt", poem);
  }
  CorpusReport report;
  EXPECT_EQ(read_corpus({folder_.file("a/b/poem*")}, "auto", Config(), &report).size(), 30U);
  EXPECT_THAT(report.notes, Contains(HasSubstr("many short ones")));
}

TEST_F(CorpusFiles, PartsOfAFileAreReadAsTheFile) {
  std::string lines;
  for (int i = 0; i < 50; ++i) lines += "Anna came back " + std::to_string(i) + " times.\n";
  for (int part = 0; part < 25; ++part) folder_.write("a/b/part" + std::to_string(part), lines);
  EXPECT_EQ(read_corpus({folder_.file("a/b/part*")}, "auto", Config()).size(), 1250U);
}

TEST_F(CorpusFiles, GzipIsUnpackedWhateverItHolds) {
  const auto pack = [&](const std::string& name, const std::string& content, const char* mode) {
    gzFile file = ::gzopen(folder_.file(name).c_str(), mode);
    ::gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
    ::gzclose(file);
    return folder_.file(name);
  };
  pack("x.gz", "{\"text\": \"First one.\"}\n", "wb");
  const std::string path = pack("x.gz", "{\"text\": \"Second one.\"}\n", "ab");  // a second member
  std::vector<std::string> texts;
  for (const auto& document : read_corpus({path}, "auto", Config())) texts.push_back(document.text);
  EXPECT_THAT(texts, ElementsAre("First one.", "Second one."));
  const std::string whole = folder_.read("x.gz");
  folder_.write("cut.gz", whole.substr(0, whole.size() - 12));
  EXPECT_THAT(usage_message([&] { read_corpus({folder_.file("cut.gz")}, "auto", Config()); }), HasSubstr("damaged or cut"));
}

TEST_F(CorpusFiles, LoneReturnsEndLinesUnlessTheyAreInsideTheRowsOfATable) {
  const auto read = [&](const std::string& content) { return read_corpus_file(folder_.write("x", content), log_); };
  EXPECT_EQ(read("one\rtwo\rthree\r"), "one\ntwo\nthree\n");
  EXPECT_EQ(read("one\rtwo\nthree\r\n"), "one\ntwo\nthree\n");
  const std::string table = "text,label\na first half\rand a second,ham\nanother half\rand more,spam\nthe last\rone,ham\n";
  EXPECT_EQ(read(table), table);
  std::vector<std::string> texts;
  for (const auto& document : read_corpus({folder_.file("x")}, "auto", Config())) texts.push_back(document.text);
  EXPECT_THAT(texts, ElementsAre("a first half\nand a second", "another half\nand more", "the last\none"));
}

TEST_F(CorpusFiles, TheSeparatorThatExcelIsToldIsNoRow) {
  CorpusReport report;
  const std::string path = folder_.write("x.csv", "sep=;\nlabel;text\nham;Anna went home, and slept.\nspam;Ben stayed, as ever.\n");
  EXPECT_EQ(read_corpus({path}, "auto", Config(), &report)[1].text, "Ben stayed, as ever.");
  EXPECT_THAT(report.notes, Contains(HasSubstr("sep=;")));
}

TEST_F(CorpusFiles, UnicodeTextOfASpreadsheetIsRead) {
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("label\ttext\r\nham\tAnna went.\r\nspam\tBen came.\r\nham\tEve stayed.\r\n"))
    utf16 += std::string(1, c) + '\0';
  CorpusReport report;
  EXPECT_EQ(read_corpus({folder_.write("x.txt", utf16)}, "auto", Config(), &report)[1].text, "Ben came.");
  EXPECT_THAT(report.notes, Contains(HasSubstr("UTF-16")));
}

TEST_F(CorpusFiles, are_named_as_seen_from_the_folder_one_is_in) {
  EXPECT_EQ(shown_path("-"), "standard input");
  EXPECT_EQ(shown_path("texts/a.txt"), "texts/a.txt");
  EXPECT_EQ(shown_path((std::filesystem::current_path() / "texts" / "a.txt").string()), "texts/a.txt");
  EXPECT_EQ(shown_path("/nowhere/else/a.txt"), "/nowhere/else/a.txt");
}

}  // namespace
}  // namespace difflm::test
