// The contract that every variant's options keep: TOML -> options -> TOML gives the same values, and every listed option is read.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "difflm/core/error.h"
#include "difflm/core/family.h"

namespace difflm::test {

inline void expect_same(const Config& a, const Config& b) {
  ASSERT_EQ(a.values().size(), b.values().size());
  for (const auto& [key, value] : a.values()) {
    ASSERT_NE(b.find(key), nullptr) << key;
    EXPECT_EQ(b.find(key)->data, value.data) << key;
  }
}

// A value of the same type that is not the default.
inline ConfigValue::Data changed(const ConfigValue::Data& data) {
  if (const auto* flag = std::get_if<bool>(&data)) return !*flag;
  if (const auto* integer = std::get_if<int64_t>(&data)) return *integer + 1;
  if (const auto* number = std::get_if<double>(&data)) return *number * 0.5 + 0.125;
  if (const auto* text = std::get_if<std::string>(&data)) return *text + "x";
  return std::vector<std::string>{"x"};
}

inline void expect_options_survive(const FamilyInfo& family, const std::string& name) {
  for (const auto& variant : family.variants) {
    if (variant.name != name) continue;
    const std::string section = family.section(name);
    const Config standard = variant.resolve(Config(), section);
    EXPECT_EQ(standard.values().size(), variant.list(section).size());
    Config back;
    back.read_toml(standard.to_toml(), "again");
    expect_same(variant.resolve(back, section), standard);
    for (const auto& [key, value] : standard.values()) {
      Config one;
      one.set(key, {changed(value.data), "test"});
      try {
        EXPECT_EQ(variant.resolve(one, section).find(key)->data, changed(value.data)) << key;
      } catch (const Error& error) {  // a choice or a limit refuses the changed value, which shows that it was read
        EXPECT_NE(std::string(error.what()).find(key), std::string::npos) << error.what();
      }
    }
    return;
  }
  FAIL() << name;
}

}  // namespace difflm::test
