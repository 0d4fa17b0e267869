// The order of keys, errors with their place, and untrusted JSON.
#include "difflm/core/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm {
namespace {

using test::failure_message;
using test::TemporaryFolder;
using test::usage_message;
using testing::HasSubstr;

TEST(Json, KeepsTheOrderOfItsKeys) {
  const char* const text = R"({"z":1,"a":[2.5,null],"m":"\u00e9"})";
  EXPECT_EQ(to_text(parse_json(text)), "{\"z\":1,\"a\":[2.5,null],\"m\":\"\u00e9\"}");
  EXPECT_EQ(to_text(parse_sorted_json(text)), "{\"a\":[2.5,null],\"m\":\"\u00e9\",\"z\":1}");
  EXPECT_EQ(to_text(parse_json(text)["a"], 2), "[\n  2.5,\n  null\n]");
}

TEST(Json, WhatIsNotJsonIsDiscardedOrAnError) {
  EXPECT_TRUE(try_parse_json("{").is_discarded());
  EXPECT_FALSE(try_parse_json("{").is_object());
  EXPECT_THROW(parse_json("{"), Json::parse_error);
  EXPECT_THROW(parse_sorted_json("[1e999]"), Json::out_of_range);
  const TemporaryFolder folder;
  EXPECT_EQ(read_json(folder.write("a.json", "[1]"), "").size(), 1u);
  const std::string message = failure_message([&] { read_json(folder.write("b.json", "[1"), "copy it again"); });
  for (const char* part : {"b.json", "is not JSON", "copy it again"}) EXPECT_THAT(message, HasSubstr(part));
}

TEST(Json, StrangersMayNotRepeatANameOrNestDeeply) {
  EXPECT_EQ(parse_strict_json("x", R"({"a":{"a":1},"b":{"a":2}})")["b"]["a"], 2);
  EXPECT_THAT(usage_message([] { parse_strict_json("x", R"({"a":{"b":1,"b":2}})"); }), HasSubstr("x: the name 'b' is there twice"));
  EXPECT_THAT(usage_message([] { parse_strict_json("x", "[[[[[[[[[[]]]]]]]]]]"); }), HasSubstr("nested deeper than 8"));
  EXPECT_THAT(usage_message([] { parse_strict_json("x", "[1,]"); }), HasSubstr("is not JSON at byte 4 of 4"));
  EXPECT_THAT(usage_message([] { parse_strict_json("x", "1e999"); }), HasSubstr("out of range"));
}

TEST(Json, BytesThatAreNoTextAreRefusedOrReplaced) {
  const Json json = {{"log", "a\xff"}};
  EXPECT_THROW(to_text(json), Json::type_error);
  EXPECT_EQ(to_text_replacing(json), "{\"log\":\"a\uFFFD\"}");
}

}  // namespace
}  // namespace difflm
