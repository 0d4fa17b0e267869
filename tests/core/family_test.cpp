#include "difflm/core/family.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/expect_error.h"

namespace difflm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};

struct Square : Shape {
  struct Options {
    double side = 2;
    void describe(OptionVisitor& visitor) { visitor.field("side", side, "length of a side", {0}); }
  };
  Square(Options options, double scale) : options_(options), scale_(scale) {}
  double area() const override { return scale_ * options_.side * options_.side; }
  Options options_;
  double scale_;
};

struct Point : Shape {
  using Options = NoOptions;
  Point(Options, double) {}
  double area() const override { return 0; }
};

using ShapeFamily = Family<Shape, double>;

ShapeFamily shapes() {
  return {"draw.shape",
          "what is drawn",
          {variant<ShapeFamily, Square>("square", "four sides"), variant<ShapeFamily, Point>("point", "none")}};
}

TEST(Family, makes_the_named_variant_with_its_options_and_dependencies) {
  Config config;
  config.read_toml("[draw.square]\nside = 3\n", "x");
  EXPECT_DOUBLE_EQ(shapes().make("square", config, 10.0)->area(), 90);
  EXPECT_DOUBLE_EQ(shapes().make("square", Config(), 10.0)->area(), 40);
  EXPECT_DOUBLE_EQ(shapes().make("point", config, 10.0)->area(), 0);
}

TEST(Family, an_unknown_name_gives_the_key_and_the_nearest_variant) {
  const auto message = test::usage_message([] { shapes().make("sqare", Config(), 1.0); });
  EXPECT_THAT(message, HasSubstr("draw.shape"));
  EXPECT_THAT(message, HasSubstr("did you mean 'square'?"));
}

TEST(Family, lists_its_variants_and_their_options) {
  const auto family = shapes();
  const auto& info = family.info();
  EXPECT_THAT(family.names(), ElementsAre("square", "point"));
  EXPECT_EQ(info.section("square"), "draw.square");
  const auto options = info.variants[0].list(info.section("square"));
  ASSERT_EQ(options.size(), 1U);
  EXPECT_EQ(options[0].key, "draw.square.side");
  EXPECT_TRUE(info.variants[1].list("draw.point").empty());
}

TEST(Family, resolving_fills_in_the_defaults) {
  const auto family = shapes();
  const Config resolved = family.info().variants[0].resolve(Config(), "draw.square");
  EXPECT_DOUBLE_EQ(std::get<double>(resolved.find("draw.square.side")->data), 2);
}

}  // namespace
}  // namespace difflm
