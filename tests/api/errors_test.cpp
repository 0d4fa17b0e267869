// Errors of the public interface: one type, which says of what kind it is, where, what and a hint; and what callbacks throw.
#include <gtest/gtest.h>

#include "difflm/difflm.h"
#include "steering/trained_run.h"

namespace difflm::test {
namespace {

RunError run_error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const RunError& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {RunError::Kind::failure, "", "", "", ""};
}

TEST(RunErrors, say_kind_place_problem_and_hint) {
  const auto error = run_error_of([] { Model::open("nothere"); });
  EXPECT_EQ(error.kind(), RunError::Kind::usage);
  EXPECT_EQ(error.where(), "nothere");
  EXPECT_EQ(error.problem(), "no such run folder");
  EXPECT_EQ(error.hint(), "`train` makes one");
  EXPECT_STREQ(error.what(), "nothere: no such run folder\n  hint: `train` makes one");
}

TEST(RunErrors, name_the_wish_or_the_member_of_the_request) {
  const auto model = Model::open(trained_run_folder());
  const auto where = [&](const Request& request) { return run_error_of([&] { model.sample(request); }).where(); };
  EXPECT_EQ(where({.count = 0}), "count");
  EXPECT_EQ(where({.length = 0}), "length");
  EXPECT_EQ(where({.length = 2'000'000}), "length");
  EXPECT_EQ(where({.wishes = {{"keywords", "frobnicate"}}}), "keywords");
  EXPECT_EQ(where({.wishes = {{"infill", ""}}}), "infill");
  EXPECT_EQ(where({.wishes = {{"attribute", "kind=cafe"}}}), "attribute");
  EXPECT_EQ(where({.settings = {"model.scale=2"}}), "settings");
  EXPECT_EQ(where({.settings = {"runtime.threads=2"}}), "settings");  // of an open model
  EXPECT_EQ(where({.settings = {"sampling.steps"}}), "settings");
  EXPECT_EQ(run_error_of([] { train({}); }).where(), "texts");
  EXPECT_EQ(run_error_of([] { evaluate({}); }).where(), "run");
  EXPECT_EQ(run_error_of([] { evaluate({.texts = {"a"}}); }).where(), "reference");
}

TEST(RunErrors, suggest_the_nearest_name) {
  const auto model = Model::open(trained_run_folder());
  const auto of_setting = run_error_of([&] { model.sample({.settings = {"control.keyword.weight=2"}}); });
  EXPECT_EQ(of_setting.hint(), "did you mean 'control.keywords.weight'?");
  const auto of_wish = run_error_of([&] { model.sample({.wishes = {{"keyword", "the"}}}); });
  EXPECT_EQ(of_wish.hint(), "did you mean 'keywords'?");
}

TEST(RunErrors, tell_damage_from_wrong_use) {
  const TemporaryFolder folder;
  const std::string copy = folder.path() + "/run";
  std::filesystem::copy(trained_run_folder(), copy, std::filesystem::copy_options::recursive);
  folder.write("run/data.json", "{");
  EXPECT_EQ(run_error_of([&] { describe(copy); }).kind(), RunError::Kind::failure);
}

struct Own {};  // no std::exception

TEST(RunErrors, leave_what_a_callback_throws_as_it_is) {
  const auto model = Model::open(trained_run_folder());
  EXPECT_THROW(model.sample({.on_step = [](const Snapshot&) -> bool { throw Own(); }}), Own);
  EXPECT_THROW(model.sample({.wishes = {{"length", "8"}}, .on_step = [](const Snapshot&) -> bool { throw Own(); }}), Own);
  EXPECT_EQ(model.sample().size(), 1);  // and the model goes on
}

}  // namespace
}  // namespace difflm::test
