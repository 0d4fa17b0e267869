#include "difflm/tokenizers/base64.h"

#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "difflm/core/random.h"

namespace difflm {
namespace {

// RFC 4648, section 10.
TEST(Base64, gives_the_vectors_of_the_standard) {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  EXPECT_EQ(to_base64("\xFB\xFF"), "+/8=");
}

TEST(Base64, random_bytes_come_back) {
  for (uint64_t i = 0; i < 300; ++i) {
    RandomStream stream(1, "base64", i);
    std::string bytes;
    for (uint64_t k = stream.below(40); k > 0; --k) bytes += static_cast<char>(stream.below(256));
    ASSERT_EQ(from_base64(to_base64(bytes)), bytes);
  }
}

TEST(Base64, refuses_what_it_would_not_write) {
  for (const std::string text : {"Z", "Zg", "Zg=", "Zh==", "Zg==Zg==", "Zm9v\n", "Zm-v", "===="}) {
    test::failure_message([&] { from_base64(text); });
  }
}

}  // namespace
}  // namespace difflm
