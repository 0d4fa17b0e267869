// Runs something that must throw difflm::Error and returns it.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "difflm/core/error.h"

namespace difflm::test {

struct Caught {
  Error::Kind kind = Error::Kind::failure;
  std::string text;
};

Caught error_of(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.kind(), error.what()};
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

// The message of a usage error.
std::string usage_message(const auto& action) {
  const Caught caught = error_of(action);
  EXPECT_EQ(caught.kind, Error::Kind::usage) << caught.text;
  return caught.text;
}

// The message of a failure.
std::string failure_message(const auto& action) {
  const Caught caught = error_of(action);
  EXPECT_EQ(caught.kind, Error::Kind::failure) << caught.text;
  return caught.text;
}

}  // namespace difflm::test
