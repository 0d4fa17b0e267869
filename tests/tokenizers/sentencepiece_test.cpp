#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "difflm/core/files.h"
#include "difflm/core/json.h"
#include "difflm/tokenizers/base64.h"
#include "difflm/tokenizers/sentencepiece_library.h"
#include "difflm/tokenizers/sentencepiece_processor.h"
#include "tokenizers/trained_tokenizer.h"

namespace difflm {
namespace {

using test::knows_all;
using test::nasty_and_random;
using test::Texts;
using test::trained;
using test::training_texts;
using ::testing::HasSubstr;

// The .model inside a tokenizer, as a file.
class ModelFile {
 public:
  explicit ModelFile(const Tokenizer& tokenizer)
      : path_(folder_.write("some.model", from_base64(tokenizer.to_json()["model"].get<std::string>()))) {}
  const std::string& path() const { return path_; }

 private:
  test::TemporaryFolder folder_;
  std::string path_;
};

class SentencePiece : public ::testing::TestWithParam<std::string> {
 protected:
  static std::string options(const std::string& more = "") {
    return "[data.sentencepiece]\nmodel_type = '" + GetParam() + "'\nvocab_size = 400\n" + more;
  }
};

TEST_P(SentencePiece, byte_fallback_leaves_nothing_unknown) {
  const auto tokenizer = trained("sentencepiece", options());
  for (const auto& text : nasty_and_random(7, 500)) {
    const auto tokens = tokenizer->encode(text);
    ASSERT_TRUE(knows_all(tokens)) << text;
    ASSERT_EQ(tokenizer->decode(tokens), tokenizer->normalise(text)) << text;
  }
}

TEST_P(SentencePiece, trimming_keeps_what_the_texts_use_and_their_encoding) {
  const auto whole = trained("sentencepiece", options("trim = false\n"));
  const ModelFile model(*whole);
  const Texts few = {"The Eagle serves Italian food.", "The Eagle serves fast food!"};
  const auto trimmed = trained("sentencepiece", "[data.sentencepiece]\nmodel = '" + model.path() + "'\n", few);
  EXPECT_LT(trimmed->size(), whole->size());
  for (const auto& text : few) {
    std::vector<int64_t> sources[2];
    for (const Token token : whole->encode(text)) sources[0].push_back(whole->source_id(token));
    for (const Token token : trimmed->encode(text)) sources[1].push_back(trimmed->source_id(token));
    EXPECT_EQ(sources[0], sources[1]);
  }
  for (const auto& text : training_texts()) {
    const auto tokens = trimmed->encode(text);
    ASSERT_TRUE(knows_all(tokens)) << text;
    ASSERT_EQ(trimmed->decode(tokens), text);
  }
  const auto loaded = load_tokenizer(trimmed->to_json(), "x");
  EXPECT_EQ(loaded->encode("Chinese food, the riverside"), trimmed->encode("Chinese food, the riverside"));
}

// Otherwise "food", a piece of the model that the corpus lacks, would be spelled in bytes.
TEST_P(SentencePiece, a_word_outside_the_corpus_is_cut_into_pieces_that_were_kept) {
  const ModelFile model(*trained("sentencepiece", options("trim = false\n")));
  const std::string from_file = "[data.sentencepiece]\nmodel = '" + model.path() + "'\n";
  const auto whole = trained("sentencepiece", from_file + "trim = false\n");
  ASSERT_EQ(whole->encode("food").size() == 1, GetParam() == "bpe");  // unigram learns no long pieces from so small a corpus
  const auto trimmed = trained("sentencepiece", from_file, {"fXoXdX"});
  for (const Token token : trimmed->encode("food"))
    EXPECT_THAT(trimmed->piece(token), ::testing::Not(::testing::StartsWith("<0x")));
}

TEST_P(SentencePiece, source_ids_are_those_of_the_model) {
  const auto whole = trained("sentencepiece", options("trim = false\n"));
  const ModelFile model(*whole);
  const SentencePieceProcessor processor(read_text_file(model.path()), "test");
  const auto trimmed = trained("sentencepiece", "[data.sentencepiece]\nmodel = '" + model.path() + "'\n", {"The Eagle."});
  for (Token token = kSpecialTokens; token < trimmed->size(); ++token) {
    ASSERT_EQ(processor.piece(static_cast<int>(trimmed->source_id(token))), trimmed->piece(token));
  }
  EXPECT_EQ(trimmed->source_id(kUnknown), processor.unknown_id());
  EXPECT_EQ(trimmed->source_id(kPad), -1);
}

TEST_P(SentencePiece, a_line_feed_is_a_piece_of_its_own) {
  const auto tokenizer = trained("sentencepiece", options());
  const auto tokens = tokenizer->encode("One line.\nAnother line.");
  EXPECT_TRUE(std::any_of(tokens.begin(), tokens.end(), [&](Token token) { return tokenizer->piece(token) == "\n"; }));
}

INSTANTIATE_TEST_SUITE_P(Types, SentencePiece, ::testing::Values("unigram", "bpe"), [](const auto& test) { return test.param; });

TEST(SentencePieceTokenizer, trains_in_silence) {
  ::testing::internal::CaptureStderr();
  trained("sentencepiece");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(SentencePieceTokenizer, long_texts_without_line_ends_are_learned_from) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    for (const auto& one : training_texts()) text += one + " ";
  }
  const auto tokenizer = trained("sentencepiece", "[data.sentencepiece]\nmodel_type = 'bpe'\n", {text});
  EXPECT_EQ(tokenizer->encode("The Eagle serves Italian food").size(), 5U);
}

TEST(SentencePieceTokenizer, a_file_that_is_no_model_is_a_usage_error_that_names_it) {
  const test::TemporaryFolder folder;
  const auto whole = trained("sentencepiece", "[data.sentencepiece]\ntrim = false\n");
  const std::string model = from_base64(whole->to_json()["model"].get<std::string>());
  ::testing::internal::CaptureStderr();
  for (const auto& content :
       {std::string("not a model"), std::string(), std::string(100, '\xFF'), model.substr(0, model.size() / 2)}) {
    const auto path = folder.write("bad.model", content);
    EXPECT_THAT(test::usage_message([&] { trained("sentencepiece", "[data.sentencepiece]\nmodel = '" + path + "'\n"); }),
                HasSubstr("bad.model"));
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(test::usage_message([&] { trained("sentencepiece", "[data.sentencepiece]\nmodel = 'none.model'\n"); }),
              HasSubstr("none.model"));
}

TEST(SentencePieceTokenizer, a_corpus_it_cannot_train_on_is_a_usage_error) {
  EXPECT_THAT(test::usage_message([] { trained("sentencepiece", "", Texts{}); }), HasSubstr("data.sentencepiece"));
}

TEST(SentencePieceLibrary, a_missing_module_is_a_failure_that_names_it) {
  const auto message = test::failure_message([] { load_sentencepiece_module("/none/libdifflm_sentencepiece.so"); });
  EXPECT_THAT(message, HasSubstr("/none/libdifflm_sentencepiece.so"));
  EXPECT_THAT(message, HasSubstr("hint"));
}

TEST(SentencePieceLibrary, a_library_without_our_symbol_is_a_failure_that_names_it) {
  const auto message = test::failure_message([] { load_sentencepiece_module("libm.so.6"); });
  EXPECT_THAT(message, HasSubstr("libm.so.6"));
  EXPECT_THAT(message, HasSubstr(kSentencePieceSymbol));
}

// What a program that also holds LibTorch depends on: no other library can bind to SentencePiece's protobuf.
TEST(SentencePieceLibrary, its_symbols_are_seen_by_nobody_else) {
  sentencepiece_library();
  EXPECT_NE(dlopen("libsentencepiece.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD), nullptr);
  EXPECT_EQ(dlsym(RTLD_DEFAULT, "_ZN6google8protobuf23ShutdownProtobufLibraryEv"), nullptr);
}

}  // namespace
}  // namespace difflm
