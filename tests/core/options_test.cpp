#include "difflm/core/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"

namespace difflm {
namespace {

using test::usage_message;
using ::testing::HasSubstr;

struct Sample {
  bool flag = false;
  int64_t width = 8;
  double rate = 0.5;
  std::string name = "none";
  std::vector<std::string> paths;
  std::string mode = "line";

  void describe(OptionVisitor& visitor) {
    visitor.field("flag", flag, "a flag");
    visitor.field("width", width, "a width", {1, 64});
    visitor.field("rate", rate, "a rate", {0});
    visitor.field("name", name, "a name");
    visitor.field("paths", paths, "some paths");
    visitor.choice("mode", mode, "a mode", {"line", "stream"});
  }
};

Config from(const std::string& toml) {
  Config config;
  config.read_toml(toml, "x.toml");
  return config;
}

TEST(Options, absent_keys_keep_their_defaults) {
  const auto options = read_options<Sample>(from(""), "s");
  EXPECT_FALSE(options.flag);
  EXPECT_EQ(options.width, 8);
  EXPECT_EQ(options.mode, "line");
}

TEST(Options, every_field_is_read_from_its_section) {
  const auto options = read_options<Sample>(
      from("width = 1\n[s]\nflag = true\nwidth = 9\nrate = 2\nname = 'n'\npaths = ['a', 'b']\nmode = 'stream'\n"), "s");
  EXPECT_TRUE(options.flag);
  EXPECT_EQ(options.width, 9);
  EXPECT_DOUBLE_EQ(options.rate, 2);  // an integer is a number too
  EXPECT_EQ(options.name, "n");
  EXPECT_EQ(options.paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(options.mode, "stream");
}

TEST(Options, an_integer_may_be_written_as_an_exact_real_number) {
  EXPECT_EQ(read_options<Sample>(from("[s]\nwidth = 5e1\n"), "s").width, 50);
  EXPECT_EQ(read_options<Sample>(from("[s]\nwidth = 1_0\n"), "s").width, 10);
  EXPECT_THROW(read_options<Sample>(from("[s]\nwidth = 25e-1\n"), "s"), Error);
  EXPECT_THROW(read_options<Sample>(from("[s]\nwidth = 1e17\n"), "s"), Error);  // beyond what a double holds exactly
  EXPECT_THROW(read_options<Sample>(from("[s]\nwidth = inf\n"), "s"), Error);
  EXPECT_THROW(read_options<Sample>(from("[s]\nwidth = nan\n"), "s"), Error);
}

TEST(Options, one_text_does_for_a_list) {
  EXPECT_EQ(read_options<Sample>(from("[s]\npaths = 'a'\n"), "s").paths, (std::vector<std::string>{"a"}));
}

TEST(Options, a_wrong_type_says_where_what_and_what_was_expected) {
  const auto message = usage_message([] { read_options<Sample>(from("[s]\nwidth = 'wide'\n"), "s"); });
  EXPECT_THAT(message, HasSubstr("x.toml:2"));
  EXPECT_THAT(message, HasSubstr("s.width"));
  EXPECT_THAT(message, HasSubstr("is a text, expected an integer"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nwidth = 2.5\n"), "s"); }), HasSubstr("expected an integer"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nflag = 1\n"), "s"); }), HasSubstr("true or false"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nrate = 'x'\n"), "s"); }), HasSubstr("a number"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nname = true\n"), "s"); }), HasSubstr("a text"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\npaths = false\n"), "s"); }), HasSubstr("list of texts"));
}

// The first column, or a file that is called 2024: on the command line they look like integers.
TEST(Options, an_integer_is_a_text_where_a_text_is_wanted) {
  EXPECT_EQ(read_options<Sample>(from("[s]\nname = 3\n"), "s").name, "3");
  EXPECT_EQ(read_options<Sample>(from("[s]\npaths = 2024\n"), "s").paths, (std::vector<std::string>{"2024"}));
  EXPECT_EQ(read_options<Sample>(from("[s]\npaths = [3, 1]\n"), "s").paths, (std::vector<std::string>{"3", "1"}));
}

TEST(Options, limits_hold_at_both_ends) {
  EXPECT_EQ(read_options<Sample>(from("[s]\nwidth = 1\n"), "s").width, 1);
  EXPECT_EQ(read_options<Sample>(from("[s]\nwidth = 64\n"), "s").width, 64);
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nwidth = 0\n"), "s"); }), HasSubstr("from 1 to 64"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nwidth = 65\n"), "s"); }), HasSubstr("from 1 to 64"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nrate = -0.1\n"), "s"); }), HasSubstr("at least 0"));
  EXPECT_THAT(usage_message([] { read_options<Sample>(from("[s]\nrate = nan\n"), "s"); }), HasSubstr("expected"));
}

TEST(Options, an_unknown_choice_names_the_nearest) {
  const auto message = usage_message([] { read_options<Sample>(from("[s]\nmode = 'lien'\n"), "s"); });
  EXPECT_THAT(message, HasSubstr("did you mean 'line'?"));
}

TEST(Options, writing_and_reading_gives_the_same_options) {
  Sample options;
  options.flag = true;
  options.rate = 0.1;
  options.name = "a \"b\"";
  options.paths = {"p"};
  options.mode = "stream";
  Config config;
  write_options(options, "s", config);
  Config back;
  back.read_toml(config.to_toml(), "again");
  const auto again = read_options<Sample>(back, "s");
  EXPECT_EQ(again.flag, options.flag);
  EXPECT_EQ(again.width, options.width);
  EXPECT_DOUBLE_EQ(again.rate, options.rate);
  EXPECT_EQ(again.name, options.name);
  EXPECT_EQ(again.paths, options.paths);
  EXPECT_EQ(again.mode, options.mode);
}

TEST(Options, listing_gives_key_type_default_help_limits_and_choices) {
  const auto list = list_options<Sample>("s");
  ASSERT_EQ(list.size(), 6U);
  EXPECT_EQ(list[1].key, "s.width");
  EXPECT_EQ(list[1].standard, "8");
  EXPECT_EQ(list[1].help, "a width");
  EXPECT_EQ(list[1].type, "an integer");
  EXPECT_EQ(list[1].limits.least, 1);
  EXPECT_EQ(list[5].choices, (std::vector<std::string>{"line", "stream"}));
  EXPECT_EQ(list_options<Sample>("").front().key, "flag");
}

}  // namespace
}  // namespace difflm
