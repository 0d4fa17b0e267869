// Pre-trained rows: the right row for each token, from both kinds of file, and a stated rule for the rest.
#include "difflm/model/pretrained_rows.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <limits>

#include "difflm/core/error.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/nn/safetensors.h"

namespace difflm {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

struct FakePiece {
  std::string piece;
  int64_t source_id = -1;
};

// A vocabulary written down: the special tokens, then the pieces given.
class FakeTokenizer : public Tokenizer {
 public:
  explicit FakeTokenizer(const std::vector<FakePiece>& pieces) : pieces_({{"<start>"}, {"<end>"}, {"<unk>"}, {"<pad>"}}) {
    pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
  }
  std::string kind() const override { return "fake"; }
  Token size() const override { return static_cast<Token>(pieces_.size()); }
  std::vector<Token> encode(std::string_view) const override { return {}; }
  std::string decode(std::span<const Token>) const override { return ""; }
  std::string normalise(std::string_view text) const override { return std::string(text); }
  std::string piece(Token token) const override { return pieces_.at(static_cast<size_t>(token)).piece; }
  std::string bytes(Token token) const override { return piece(token); }
  int64_t source_id(Token token) const override { return pieces_.at(static_cast<size_t>(token)).source_id; }
  Json to_json() const override { return {}; }

 private:
  std::vector<FakePiece> pieces_;
};

class PretrainedRowsTest : public testing::Test {
 protected:
  PretrainedRowsTest() : folder_(fs::path(testing::TempDir()) / ("difflm_rows_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~PretrainedRowsTest() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string text_file(const std::string& text) const {
    write_text(path("vectors.txt"), text);
    return path("vectors.txt");
  }

  fs::path folder_;
};

std::string error_of(const std::string& path, const Tokenizer& tokenizer, const std::string& name = "") {
  try {
    read_pretrained_rows(path, tokenizer, name);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), Error::Kind::usage);
    return error.what();
  }
  return "no error";
}

std::vector<float> row(const PretrainedRows& rows, int64_t token) {
  const Tensor values = rows.table[token].contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

std::vector<bool> found(const PretrainedRows& rows) {
  return std::vector<bool>(rows.found.data_ptr<bool>(), rows.found.data_ptr<bool>() + rows.found.numel());
}

using Row = std::vector<float>;

const FakeTokenizer kWords({{"the"}, {"cat"}, {"Paris"}, {"zebra"}});

void expect_the_cat(const PretrainedRows& rows) {
  EXPECT_EQ(rows.table.sizes(), (std::vector<int64_t>{8, 2}));
  EXPECT_EQ(rows.table.scalar_type(), torch::kFloat32);
  EXPECT_EQ(found(rows), (std::vector<bool>{false, false, false, false, true, true, false, false}));
  EXPECT_EQ(rows.missing, 6);
  EXPECT_EQ(row(rows, 4), (Row{0.5F, -1.0F}));
  EXPECT_EQ(row(rows, 5), (Row{0.25F, 2e-3F}));
}

TEST_F(PretrainedRowsTest, Glove) {
  expect_the_cat(read_pretrained_rows(text_file("the 0.5 -1\nof 9 9\ncat 0.25 2e-3\n"), kWords));
}

TEST_F(PretrainedRowsTest, Word2VecHeaderTabsCrlfBomAndBlanks) {
  expect_the_cat(read_pretrained_rows(text_file("3 2\nof 9 9 \nthe 0.5 -1 \ncat 0.25 2e-3 \n"), kWords));
  expect_the_cat(read_pretrained_rows(text_file("\xef\xbb\xbfthe\t0.5\t-1\r\n\r\ncat\t+0.25\t.002\r\n"), kWords));
  expect_the_cat(read_pretrained_rows(text_file("the 0.5 -1\ncat 0.25 2e-3"), kWords));  // no newline at the end
}

// Files that were filtered or put together by hand.
TEST_F(PretrainedRowsTest, AFirstLineThatCountsWrongIsSaidAndAllWordsAreUsed) {
  for (const std::string count : {"4", "2", "0"}) {
    const auto rows = read_pretrained_rows(text_file(count + " 2\r\nof 9 9\r\nthe 0.5 -1\r\ncat 0.25 2e-3\r\n"), kWords);
    expect_the_cat(rows);
    EXPECT_THAT(rows.missing_rule, HasSubstr("has 3 words, though its first line says " + count + "; all of them are used"));
  }
  const auto right = read_pretrained_rows(text_file("3 2\nof 9 9\nthe 0.5 -1\ncat 0.25 2e-3\n"), kWords);
  EXPECT_THAT(right.missing_rule, testing::Not(HasSubstr("first line")));
}

TEST_F(PretrainedRowsTest, ExactThenLowerCaseThenWithoutTheSpaceMark) {
  const FakeTokenizer tokenizer({{"The"}, {"the"}, {"PARIS"}, {"ÉTÉ"}, {"▁Dog"}, {"Ġcat"}, {"▁"}, {"ing"}});
  const auto rows =
      read_pretrained_rows(text_file("the 1\nThe 2\nparis 3\nété 4\ndog 5\n▁dog 6\ncat 7\nthe 8\nParis 9\n"), tokenizer);
  EXPECT_EQ(row(rows, 4), Row{2}) << "exact, though the lower case comes first in the file";
  EXPECT_EQ(row(rows, 5), Row{1}) << "the first of two equal words";
  EXPECT_EQ(row(rows, 6), Row{3});
  EXPECT_EQ(row(rows, 7), Row{4}) << "lower case beyond ASCII";
  EXPECT_EQ(row(rows, 8), Row{6}) << "with the mark before without";
  EXPECT_EQ(row(rows, 9), Row{7});
  EXPECT_EQ(rows.missing, 4 + 2);
}

TEST_F(PretrainedRowsTest, OddWords) {
  // A no-break space, bytes that are not UTF-8, words with spaces (as GloVe 840B has), a number as a word, an empty word.
  const FakeTokenizer tokenizer({{"a\u00a0b"}, {"\xff\xfe"}, {". . ."}, {"at name@domain.com"}, {"42"}});
  const auto rows = read_pretrained_rows(
      text_file("x 0 0\na\u00a0b 1 1\n\xff\xfe 2 2\n. . . 3 3\nat name@domain.com 4 4\n42 5 5\n 6 6\n"), tokenizer);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(row(rows, 4 + i), Row(2, static_cast<float>(i + 1)));
}

TEST_F(PretrainedRowsTest, SpecialTokensAreNotLookedForBySpelling) {
  const auto rows = read_pretrained_rows(text_file("<unk> 7 7\n<pad> 8 8\nthe 1 2\n"), kWords);
  EXPECT_EQ(rows.missing, 7);
  EXPECT_EQ(found(rows)[kUnknown], false);
}

TEST_F(PretrainedRowsTest, MissingRowsFollowTheRule) {
  // 2,000 found rows with known moments; 2,000 missing ones must have them too.
  std::vector<FakePiece> pieces;
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    pieces.push_back({fmt::format("w{}", i)});
    text += fmt::format("w{} {}\n", i, i % 2 == 0 ? "3 -7 0.5" : "5 -1 0.5");  // means 4, -4, 0.5; stddevs 1, 3, 0
  }
  for (int i = 0; i < 2000; ++i) pieces.push_back({fmt::format("missing{}", i)});
  const FakeTokenizer tokenizer(pieces);
  const auto rows = read_pretrained_rows(text_file(text), tokenizer);
  EXPECT_EQ(rows.missing, 2004);
  EXPECT_THAT(rows.missing_rule,
              AllOf(HasSubstr("2004 of 4004 tokens (4 of them special)"), HasSubstr("2000 rows found"), HasSubstr("normal")));
  const Tensor drawn = rows.table.slice(0, 2004);
  EXPECT_TRUE(torch::allclose(drawn.mean(0), torch::tensor({4.0F, -4.0F, 0.5F}), 0, 0.25)) << drawn.mean(0);
  EXPECT_TRUE(torch::allclose(drawn.std(0), torch::tensor({1.0F, 3.0F, 0.0F}), 0, 0.2)) << drawn.std(0);
  EXPECT_FALSE(torch::equal(drawn[0], drawn[1])) << "equal rows could not be told apart when rounding";
  const Tensor z = (drawn.slice(1, 0, 2) - drawn.slice(1, 0, 2).mean(0)) / drawn.slice(1, 0, 2).std(0);
  EXPECT_NEAR(z.pow(4).mean().item<double>(), 3.0, 0.5) << "kurtosis of a normal";

  const auto again = read_pretrained_rows(path("vectors.txt"), tokenizer);
  EXPECT_TRUE(torch::equal(rows.table, again.table));
}

TEST_F(PretrainedRowsTest, NothingFound) {
  EXPECT_THAT(error_of(text_file("x 1 2\ny 3 4\n"), kWords),
              AllOf(HasSubstr("no row for any of the 8 tokens"), HasSubstr("language")));
}

TEST_F(PretrainedRowsTest, BadLinesNameTheLine) {
  const auto at = [&](int line) { return fmt::format("vectors.txt:{}: ", line); };
  EXPECT_THAT(error_of(text_file("the 1 2\ncat 3\n"), kWords),
              AllOf(HasSubstr(at(2)), HasSubstr("has 2 columns, expected a word and 2 numbers")));
  EXPECT_THAT(error_of(text_file("the 1 2\nunused 3\n"), kWords), HasSubstr(at(2)));
  EXPECT_THAT(error_of(text_file("the 1 2\n\ncat 3 4 5\n"), kWords), AllOf(HasSubstr(at(3)), HasSubstr("has 4 columns")));
  EXPECT_THAT(error_of(text_file("2 2\nthe 1\n"), kWords), HasSubstr(at(2)));
  EXPECT_THAT(error_of(text_file("3 2\nof 9 9\nthe 0.5 -1\ncat 0.25"), kWords),
              AllOf(HasSubstr(at(4)), HasSubstr("it is the last line: the file was cut off")));
  EXPECT_THAT(error_of(text_file("of 9 9\nthe 0.5 -1\ncat 0.25\n\n"), kWords), HasSubstr(at(3)));
  EXPECT_THAT(error_of(text_file("1 0\nthe\n"), kWords), AllOf(HasSubstr(at(1)), HasSubstr("0 numbers")));
  EXPECT_THAT(error_of(text_file("1 18446744073709551615\nthe 1\n"), kWords), HasSubstr(at(2)));
  EXPECT_THAT(error_of(text_file("To be, or not to be,\nthat is the question\n"), kWords), HasSubstr(at(2)));
  EXPECT_THAT(error_of(text_file("word\n"), kWords), AllOf(HasSubstr(at(1)), HasSubstr("one column")));
  for (const std::string number : {"x", "1.5.2", "nan", "inf", "1e999", "1e39", "0x10", "1,5", "--1"}) {
    EXPECT_THAT(error_of(text_file("the 1 2\ncat 3 " + number + "\n"), kWords),
                AllOf(HasSubstr(at(2)), HasSubstr("'" + number + "' is not a finite number")));
  }
}

TEST_F(PretrainedRowsTest, FilesThatAreNoText) {
  EXPECT_THAT(error_of(text_file("\x1f\x8b\x08 compressed"), kWords), HasSubstr("gunzip"));
  EXPECT_THAT(error_of(text_file("PK\x03\x04 zipped"), kWords), HasSubstr("zip archive"));
  EXPECT_THAT(error_of(text_file("\xba\x16\x4f\x2f model"), kWords), HasSubstr(".vec"));
  EXPECT_THAT(error_of(text_file(""), kWords), HasSubstr("is empty"));
  EXPECT_THAT(error_of(text_file(std::string(3 << 20, 'x')), kWords), AllOf(HasSubstr(":1: "), HasSubstr("longer than")));
  EXPECT_THAT(error_of(path("absent.txt"), kWords), HasSubstr("absent.txt"));
  EXPECT_THAT(error_of(text_file("the 1 2\n"), kWords, "some.weight"), HasSubstr("no tensor 'some.weight'"));
}

// Tokens 4..6 are rows 3, 0 and 2 of the checkpoint; <unk> is its row 1, the others have none.
class CheckpointRows : public PretrainedRowsTest {
 protected:
  class Cut : public FakeTokenizer {
   public:
    Cut() : FakeTokenizer({{"c", 3}, {"a", 0}, {"b", 2}}) {}
    int64_t source_id(Token token) const override { return token == kUnknown ? 1 : FakeTokenizer::source_id(token); }
  };

  void expect_rows(const PretrainedRows& rows) const {
    EXPECT_EQ(rows.table.scalar_type(), torch::kFloat32);
    EXPECT_EQ(found(rows), (std::vector<bool>{false, false, true, false, true, true, true}));
    EXPECT_EQ(rows.missing, 3);
    EXPECT_EQ(row(rows, 2), (Row{2, 3}));
    EXPECT_EQ(row(rows, 4), (Row{6, 7}));
    EXPECT_EQ(row(rows, 5), (Row{0, 1}));
    EXPECT_EQ(row(rows, 6), (Row{4, 5}));
    EXPECT_TRUE(rows.table.isfinite().all().item<bool>());
  }

  const Cut tokenizer_;
  const Tensor table_ = torch::arange(8).reshape({4, 2}).to(torch::kBFloat16);
};

TEST_F(CheckpointRows, FileIndexAndFolder) {
  const NamedTensors tensors = {
      {"model.embed_tokens.weight", table_}, {"model.norm.weight", torch::ones({2})}, {"lm_head.weight", table_}};
  write_safetensors(path("model-00001.safetensors"), tensors);
  write_text(
      path("model.safetensors.index.json"),
      R"({"weight_map":{"model.embed_tokens.weight":"model-00001.safetensors","lm_head.weight":"model-00001.safetensors"}})");
  expect_rows(read_pretrained_rows(path("model-00001.safetensors"), tokenizer_));
  expect_rows(read_pretrained_rows(path("model.safetensors.index.json"), tokenizer_));
  expect_rows(read_pretrained_rows(folder_.string(), tokenizer_));
}

TEST_F(CheckpointRows, ByContentAndByName) {
  write_safetensors(path("blob"), {{"embedding.weight", table_.to(torch::kHalf)}, {"mine", table_ + 1}});
  expect_rows(read_pretrained_rows(path("blob"), tokenizer_));
  EXPECT_EQ(row(read_pretrained_rows(path("blob"), tokenizer_, "mine"), 5), (Row{1, 2}));
  EXPECT_THAT(error_of(path("blob"), tokenizer_, "mien"), AllOf(HasSubstr("no tensor 'mien'"), HasSubstr("mine")));
}

TEST_F(CheckpointRows, UsualNames) {
  for (const std::string name :
       {"model.embed_tokens.weight", "bert.embeddings.word_embeddings.weight", "transformer.wte.weight", "embedding.weight"}) {
    write_safetensors(path("m.safetensors"), {{name, table_}, {"x.position_embeddings.weight", table_}, {"wpe.weight", table_}});
    expect_rows(read_pretrained_rows(path("m.safetensors"), tokenizer_));
  }
}

TEST_F(CheckpointRows, WhichTable) {
  write_safetensors(path("m.safetensors"),
                    {{"encoder.embed_tokens.weight", table_}, {"decoder.embed_tokens.weight", table_}, {"other", table_}});
  EXPECT_THAT(error_of(path("m.safetensors"), tokenizer_),
              AllOf(HasSubstr("2 tensors named like"), HasSubstr("'decoder.embed_tokens.weight', 'encoder.embed_tokens.weight'")));
  write_safetensors(path("m.safetensors"), {{"tok.weight", table_}, {"bias", torch::ones({3})}});
  EXPECT_THAT(error_of(path("m.safetensors"), tokenizer_),
              AllOf(HasSubstr("no 2-d tensor named like"), HasSubstr("'tok.weight'"), testing::Not(HasSubstr("bias"))));
}

TEST_F(CheckpointRows, TablesThatDoNotFit) {
  const auto error_with = [&](const Tensor& table) {
    write_safetensors(path("m.safetensors"), {{"t", table}});
    return error_of(path("m.safetensors"), tokenizer_, "t");
  };
  EXPECT_THAT(error_with(table_.slice(0, 0, 3)),
              AllOf(HasSubstr("'c'"), HasSubstr("row 3"), HasSubstr("[3, 2]"), HasSubstr("same model")));
  EXPECT_THAT(error_with(table_.to(torch::kInt32)), AllOf(HasSubstr("'t'"), HasSubstr("I32"), HasSubstr("floating point")));
  EXPECT_THAT(error_with(table_.flatten()), HasSubstr("[8]"));
  EXPECT_THAT(error_with(torch::zeros({4, 0})), HasSubstr("[4, 0]"));
  Tensor broken = table_.clone();
  broken[2][1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(error_with(broken), AllOf(HasSubstr("row 2 of tensor 't' (token 'b') is not finite")));
  write_safetensors(path("m.safetensors"), {{"t", table_}});
  EXPECT_THAT(error_of(path("m.safetensors"), kWords, "t"),
              AllOf(HasSubstr("no row for any of the 8 tokens"), HasSubstr("data.tokenizer")));
}

}  // namespace
}  // namespace difflm
