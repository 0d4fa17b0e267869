// Token shards: round trip, layout, and every kind of damage.
#include "difflm/data/token_store.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "core/temporary_folder.h"
#include "data/random_documents.h"

namespace difflm::test {
namespace {

TEST(TokenStore, RoundTripInTwoAndFourBytes) {
  const TemporaryFolder folder;
  for (const Token vocabulary : {Token{50}, Token{65536}, Token{65537}, Token{300000}}) {
    TokenDocuments documents = random_documents(100, 30, 3, vocabulary);
    documents.push_back({});
    documents.push_back({vocabulary - 1, kUnknown, kPad, kStart});
    const std::string path = folder.file("tokens.bin");
    write_tokens(path, documents, vocabulary);
    EXPECT_EQ(read_tokens(path, vocabulary), documents) << vocabulary;
    EXPECT_EQ(token_width(vocabulary), vocabulary <= 65536 ? 2 : 4);
    size_t ids = documents.size();
    for (const auto& document : documents) ids += document.size();
    EXPECT_EQ(folder.read("tokens.bin").size(), ids * static_cast<size_t>(token_width(vocabulary)));
  }
}

TEST(TokenStore, IdsAreLittleEndianAndClosedByEnd) {
  const TemporaryFolder folder;
  write_tokens(folder.file("t"), {{0x1234}, {5}}, 0x2000);
  EXPECT_EQ(folder.read("t"), std::string("\x34\x12\x01\x00\x05\x00\x01\x00", 8));
}

TEST(TokenStore, DamageIsAFailureThatNamesTheFile) {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& bytes, Token vocabulary) {
    const std::string path = folder.write("damaged.bin", bytes);
    const std::string text = failure_message([&] { read_tokens(path, vocabulary); });
    EXPECT_NE(text.find("damaged.bin"), std::string::npos);
    return text;
  };
  EXPECT_NE(message(std::string("\x05\x00\x01", 3), 10).find("multiple of 2"), std::string::npos);
  EXPECT_NE(message(std::string("\x05\x00", 2), 10).find("END"), std::string::npos);
  EXPECT_NE(message(std::string("\x0a\x00\x01\x00", 4), 10).find("token 10 at byte 0"), std::string::npos);
  EXPECT_NE(message(std::string("\xff\xff\xff\xff\x01\x00\x00\x00", 8), 70000).find("outside"), std::string::npos);
  usage_message([&] { read_tokens(folder.file("absent.bin"), 10); });
}

}  // namespace
}  // namespace difflm::test
