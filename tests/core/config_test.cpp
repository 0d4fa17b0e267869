#include "difflm/core/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"
#include "core/temporary_folder.h"

namespace difflm {
namespace {

using test::TemporaryFolder;
using test::usage_message;
using ::testing::HasSubstr;

template <class T>
T get(const Config& config, const std::string& key) {
  const auto* value = config.find(key);
  if (value == nullptr) {
    ADD_FAILURE() << "no key " << key;
    return T{};
  }
  return std::get<T>(value->data);
}

TEST(Config, sections_become_dotted_keys_of_each_type) {
  Config config;
  config.read_toml(
      "[noise]\nschedule = 'sqrt'\n[noise.sqrt]\ns = 1e-4\n[train]\nsteps = 5\nresume = true\n"
      "[data]\npath = ['a', 'b']\nweights = [1, 2.5]\n",
      "here");
  EXPECT_EQ(get<std::string>(config, "noise.schedule"), "sqrt");
  EXPECT_DOUBLE_EQ(get<double>(config, "noise.sqrt.s"), 1e-4);
  EXPECT_EQ(get<int64_t>(config, "train.steps"), 5);
  EXPECT_TRUE(get<bool>(config, "train.resume"));
  EXPECT_EQ(get<std::vector<std::string>>(config, "data.path"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(get<std::vector<double>>(config, "data.weights"), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(config.find("noise"), nullptr);
}

TEST(Config, a_value_remembers_file_and_line) {
  const TemporaryFolder folder;
  Config config;
  config.read_file(folder.write("a.toml", "\n\n[train]\nsteps = 5\n"));
  EXPECT_THAT(config.find("train.steps")->origin, HasSubstr("a.toml:4:"));
}

TEST(Config, an_including_file_wins_over_the_included_one_whatever_the_order) {
  const TemporaryFolder folder;
  folder.write("base.toml", "[train]\nsteps = 1\nseed = 7\n");
  Config config;
  config.read_file(folder.write("top.toml", "include = 'base.toml'\n[train]\nsteps = 2\n"));
  EXPECT_EQ(get<int64_t>(config, "train.steps"), 2);
  EXPECT_EQ(get<int64_t>(config, "train.seed"), 7);
  EXPECT_EQ(config.find("include"), nullptr);
}

TEST(Config, a_circle_of_includes_is_an_error) {
  const TemporaryFolder folder;
  const auto first = folder.write("first.toml", "include = 'second.toml'\n");
  folder.write("second.toml", "x = 1\ninclude = 'first.toml'\n");
  const auto message = usage_message([&] { Config().read_file(first); });
  EXPECT_THAT(message, HasSubstr("second.toml:2"));
  EXPECT_THAT(message, HasSubstr("includes itself"));
  const auto self = folder.write("self.toml", "include = './self.toml'\n");
  EXPECT_THAT(usage_message([&] { Config().read_file(self); }), HasSubstr("self.toml:1"));
}

TEST(Config, a_missing_file_or_include_is_named) {
  const TemporaryFolder folder;
  EXPECT_THAT(usage_message([&] { Config().read_file(folder.file("none.toml")); }), HasSubstr("none.toml"));
  const auto top = folder.write("top.toml", "include = 'gone.toml'\n");
  EXPECT_THAT(usage_message([&] { Config().read_file(top); }), HasSubstr("gone.toml"));
}

TEST(Config, an_override_is_toml_or_else_a_plain_text) {
  Config config;
  config.read_toml("[train]\nsteps = 1\n", "file");
  config.read_override("train.steps=20");
  config.read_override("train.rate=1e-3");
  config.read_override("train.resume=false");
  config.read_override("data.path=../x y.txt");
  config.read_override("data.quoted=\"5\"");
  config.read_override("data.list=['a', 'b']");
  config.read_override("data.empty=");
  config.read_override("data.equals=a=b");
  EXPECT_EQ(get<int64_t>(config, "train.steps"), 20);
  EXPECT_DOUBLE_EQ(get<double>(config, "train.rate"), 1e-3);
  EXPECT_FALSE(get<bool>(config, "train.resume"));
  EXPECT_EQ(get<std::string>(config, "data.path"), "../x y.txt");
  EXPECT_EQ(get<std::string>(config, "data.quoted"), "5");
  EXPECT_EQ(get<std::vector<std::string>>(config, "data.list"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(get<std::string>(config, "data.empty"), "");
  EXPECT_EQ(get<std::string>(config, "data.equals"), "a=b");
  EXPECT_EQ(config.find("train.steps")->origin, "settings");
}

TEST(Config, a_word_that_is_no_override_is_an_error) {
  EXPECT_THAT(usage_message([] { Config().read_override("train.steps"); }), HasSubstr("key=value"));
  EXPECT_THAT(usage_message([] { Config().read_override("=5"); }), HasSubstr("key=value"));
}

TEST(Config, bad_syntax_names_the_line) {
  const auto message = usage_message([] { Config().read_toml("a = 1\nb = sqrt\n", "x.toml"); });
  EXPECT_THAT(message, HasSubstr("x.toml:2:"));
  EXPECT_THAT(message, HasSubstr("quotes"));
}

TEST(Config, values_no_option_can_have_are_errors_with_key_and_line) {
  for (const std::string text : {"\nd = 1979-05-27\n", "\nd = [[1], [2]]\n", "\nd = [1, 'a']\n"}) {
    const auto message = usage_message([&] { Config().read_toml(text, "x.toml"); });
    EXPECT_THAT(message, HasSubstr("x.toml:2")) << text;
    EXPECT_THAT(message, HasSubstr(": d")) << text;
  }
}

TEST(Config, toml_text_reads_back_to_the_same_values) {
  Config config;
  config.set("top", {int64_t{-3}, ""});
  config.set("a.flag", {true, ""});
  config.set("a.whole_double", {2.0, ""});
  config.set("a.tiny", {1.0 / 3e30, ""});
  config.set("a.b.text", {std::string("quote \" ' back\\slash\nline\ttab é \x01 end"), ""});
  config.set("a.b.empty", {std::string(), ""});
  config.set("a.list", {std::vector<std::string>{"x", "y z"}, ""});
  config.set("a.numbers", {std::vector<double>{0.1, 2, -1e300}, ""});
  Config back;
  back.read_toml(config.to_toml(), "again");
  ASSERT_EQ(back.values().size(), config.values().size()) << config.to_toml();
  for (const auto& [key, value] : config.values()) {
    ASSERT_NE(back.find(key), nullptr) << key;
    EXPECT_EQ(back.find(key)->data, value.data) << key << "\n" << config.to_toml();
  }
}

TEST(Config, numbers_are_the_shortest_that_read_back_equal) {
  Config config;
  config.set("data.validation", {0.075, ""});
  config.set("data.whole", {3.0, ""});
  config.set("data.txt.small", {1e-5, ""});
  config.set("data.list", {std::vector<double>{0.1, 0.2}, ""});
  config.set("odd.a key", {int64_t{7}, ""});
  config.set("top", {true, ""});
  EXPECT_EQ(config.to_toml(),
            "top = true\n\n[data]\nlist = [ 0.1, 0.2 ]\nvalidation = 0.075\nwhole = 3.0\n\n[data.txt]\nsmall = 1e-05\n\n"
            "[odd]\n\"a key\" = 7\n");
}

TEST(Config, a_key_cannot_be_a_value_and_a_section) {
  Config config;
  config.set("a", {true, ""});
  config.set("a.b", {true, ""});
  EXPECT_THAT(usage_message([&] { config.to_toml(); }), HasSubstr("'a' is a value"));
}

TEST(Config, a_section_is_cut_off_by_its_whole_name) {
  Config config;
  config.read_toml("[noise.sqrt]\ns = 1\n[noise.sqrt2]\ns = 2\n", "x");
  const Config section = config.section("noise.sqrt");
  EXPECT_EQ(section.values().size(), 1U);
  EXPECT_EQ(get<int64_t>(section, "s"), 1);
}

}  // namespace
}  // namespace difflm
