// The fields of a request's JSON object, read one by one with their limits. What nobody has read is an error, so that a misspelt
// field is never passed over.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "difflm/core/json.h"

namespace difflm {

class Fields {
 public:
  // Throws a RequestError where `body` is not one JSON object.
  explicit Fields(std::string_view body);

  // An object within another one; `place` names it: "wishes[2]".
  Fields(SortedJson object, std::string place);

  // Nothing where the field is not there or null. Throw a RequestError where it is something else.
  std::optional<int64_t> integer(const std::string& name, int64_t least, int64_t most);
  std::optional<double> number(const std::string& name, double least, double most);
  std::optional<bool> truth(const std::string& name);
  std::optional<std::string> text(const std::string& name, int64_t longest);

  // A text, or a list of at most `most` of them.
  std::optional<std::vector<std::string>> texts(const std::string& name, int64_t most, int64_t longest);
  std::optional<std::vector<int64_t>> integers(const std::string& name, int64_t most);
  std::optional<Fields> object(const std::string& name);
  std::vector<Fields> objects(const std::string& name, int64_t most);

  // As it stands; undefined (null) where it is not there.
  const SortedJson& any(const std::string& name);

  // A field that others' clients send and that has no meaning here: anything goes.
  void pass_over(const std::string& name) { read_.insert(name); }

  // Throws a RequestError where a field has not been read, with the nearest name.
  void end() const;

  // The error that `name` is wrong: "n is 0, expected 1 to 16".
  [[noreturn]] void refuse(const std::string& name, const std::string& problem) const;

 private:
  SortedJson object_;
  std::string place_;
  std::set<std::string> read_;
};

}  // namespace difflm
