// SentencePiece and LibTorch in one process, each with the protobuf it was built with. See tokenizers/sentencepiece_library.h.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "difflm/core/json.h"
#include "difflm/corpora/builtin_corpus.h"
#include "difflm/nn/torch.h"
#include "difflm/tokenizers/tokenizer.h"

namespace difflm {
namespace {

std::vector<std::string> builtin_texts(int64_t count) {
  BuiltinCorpus::Options options;
  options.sentences = count;
  std::vector<std::string> texts;
  for (auto& document : BuiltinCorpus(options).parse("", "")) texts.push_back(std::move(document.text));
  return texts;
}

bool sentencepiece_is_loaded() { return dlopen("libsentencepiece.so.0", RTLD_LAZY | RTLD_NOLOAD) != nullptr; }

// In a fresh process, where no other test has used it.
TEST(SentencePieceWithTorch, is_not_loaded_until_it_is_used) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::exit(sentencepiece_is_loaded() ? 1 : 0), ::testing::ExitedWithCode(0), "");
}

TEST(SentencePieceWithTorch, trains_encodes_and_decodes_beside_tensors) {
  // Torch's protobuf is in the process, visible to all; otherwise this test shows nothing.
  ASSERT_NE(dlsym(RTLD_DEFAULT, "_ZN6google8protobuf23ShutdownProtobufLibraryEv"), nullptr);
  const Tensor before = torch::randn({4, 8});
  Config config;
  config.read_toml("[data.sentencepiece]\nvocab_size = 600\n", "test.toml");
  const auto texts = builtin_texts(300);
  const auto tokenizer = train_tokenizer("sentencepiece", config, texts);
  EXPECT_TRUE(sentencepiece_is_loaded());
  const auto loaded = load_tokenizer(tokenizer->to_json(), "test");
  for (const auto& text : texts) {
    const auto tokens = tokenizer->encode(text);
    ASSERT_EQ(std::count(tokens.begin(), tokens.end(), kUnknown), 0) << text;
    ASSERT_EQ(tokenizer->decode(tokens), text);
    ASSERT_EQ(loaded->encode(text), tokens);
  }
  const auto tokens = tokenizer->encode(texts[0]);
  const Tensor ids = torch::tensor(tokens, torch::kInt);
  EXPECT_EQ(ids.numel(), static_cast<int64_t>(tokens.size()));
  EXPECT_LT(ids.max().item<int>(), tokenizer->size());
  EXPECT_TRUE(torch::equal(before.matmul(torch::eye(8)), before));
}

}  // namespace
}  // namespace difflm
