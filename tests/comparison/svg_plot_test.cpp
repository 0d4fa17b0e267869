// Plots: what is drawn, where, and what is left out.
#include "difflm/comparison/svg_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <regex>

namespace difflm {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

PlotPoint at(double x, double y) { return {x, y, y, y, ""}; }

// Colour 0 has circles for marks; without a legend there is one per point.
Plot plot_of(const std::vector<PlotPoint>& points) {
  Plot plot;
  plot.title = "Quality";
  plot.description = "what is seen";
  plot.legend = false;
  plot.series = {{"one", points, 0, true, true}};
  return plot;
}

struct Circle {
  double x;
  double y;
};

std::vector<Circle> circles_of(const std::string& svg) {
  static const std::regex pattern(R"re(<circle cx="([-0-9.]+)" cy="([-0-9.]+)")re");
  std::vector<Circle> circles;
  for (std::sregex_iterator found(svg.begin(), svg.end(), pattern), end; found != end; ++found) {
    circles.push_back({std::stod((*found)[1]), std::stod((*found)[2])});
  }
  return circles;
}

TEST(SvgPlot, MarkupIsEscaped) {
  EXPECT_EQ(escape_html("a < b & \"c\" > d"), "a &lt; b &amp; &quot;c&quot; &gt; d");
  EXPECT_EQ(escape_html("größer"), "größer");
  Plot plot = plot_of({at(1, 1)});
  plot.title = "<b>\"bold\"</b>";
  plot.series[0].name = "a<b";
  plot.series[0].points[0].label = "c<d";
  plot.x_label = "x<y";
  plot.labels = plot.legend = true;
  const std::string svg = draw(plot);
  EXPECT_THAT(svg, Not(HasSubstr("<b")));
  EXPECT_THAT(svg, HasSubstr("aria-label=\"&lt;b&gt;&quot;bold&quot;"));
  for (const char* text : {"a&lt;b", "c&lt;d", "x&lt;y"}) EXPECT_THAT(svg, HasSubstr(text));
}

TEST(SvgPlot, HasATitleAndADescription) {
  const std::string svg = draw(plot_of({at(1, 1), at(2, 2)}));
  EXPECT_THAT(svg, HasSubstr("<figcaption>Quality</figcaption>"));
  EXPECT_THAT(svg, HasSubstr("role=\"img\" aria-label=\"Quality. what is seen\""));
}

TEST(SvgPlot, LargerIsFurtherRightAndHigherUp) {
  for (const bool logarithmic : {false, true}) {
    Plot plot = plot_of({at(2, 3), at(100, 50), at(1, 1)});
    plot.log_x = plot.log_y = logarithmic;
    const auto circles = circles_of(draw(plot));
    ASSERT_EQ(circles.size(), 3U);
    EXPECT_GT(circles[1].x, circles[0].x);
    EXPECT_GT(circles[0].x, circles[2].x);
    EXPECT_LT(circles[1].y, circles[0].y);
    EXPECT_LT(circles[0].y, circles[2].y);
    for (const auto& circle : circles) {
      EXPECT_TRUE(circle.x > 0 && circle.x < plot.width && circle.y > 0 && circle.y < plot.height);
    }
  }
}

// On a logarithmic axis 1, 10 and 100 are equally far apart.
TEST(SvgPlot, ALogarithmicAxisShowsRatios) {
  Plot plot = plot_of({at(1, 1), at(10, 1), at(100, 1)});
  plot.log_x = true;
  const auto circles = circles_of(draw(plot));
  ASSERT_EQ(circles.size(), 3U);
  EXPECT_NEAR(circles[1].x - circles[0].x, circles[2].x - circles[1].x, 0.11);  // pixels have one decimal
}

TEST(SvgPlot, WhatCannotBeShownIsLeftOut) {
  const std::vector<PlotPoint> points = {at(1, 1),          at(kNone, 1), at(1, kNone), at(kInfinite, 1),
                                         at(2, -kInfinite), at(0, 2),     at(-1, 2)};
  Plot plot = plot_of(points);
  EXPECT_EQ(circles_of(draw(plot)).size(), 3U);
  plot.log_x = true;
  const std::string svg = draw(plot);
  EXPECT_EQ(circles_of(svg).size(), 1U);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(SvgPlot, WithoutAPointThereIsNoPlot) {
  EXPECT_EQ(draw(Plot()), "");
  EXPECT_EQ(draw(plot_of({})), "");
  EXPECT_EQ(draw(plot_of({at(kNone, 1)})), "");
  Plot plot = plot_of({at(1, 0)});
  plot.log_y = true;
  EXPECT_EQ(draw(plot), "");
}

TEST(SvgPlot, IntervalsAndLinesAreDrawnWhereThereAreSome) {
  const std::string plain = draw(plot_of({at(1, 1)}));
  EXPECT_THAT(plain, Not(HasSubstr("class=\"bar\"")));
  EXPECT_THAT(plain, Not(HasSubstr("class=\"line\"")));
  EXPECT_THAT(draw(plot_of({{1, 2, 1, 3, ""}})), HasSubstr("class=\"bar\""));
  EXPECT_THAT(draw(plot_of({at(1, 1), at(2, 1)})), HasSubstr("class=\"line\""));
}

// Means of equal numbers differ in their last digit: between 1 and the next number there is no room for ticks.
TEST(SvgPlot, ValuesThatDifferByRoundingAloneAreOneValue) {
  for (const double value : {1.0, 0.3, 5e7}) {
    for (const bool logarithmic : {false, true}) {
      Plot plot = plot_of({at(value, value), at(std::nextafter(value, kInfinite), std::nextafter(value, kInfinite))});
      plot.log_x = plot.log_y = logarithmic;
      const std::string svg = draw(plot);
      EXPECT_EQ(circles_of(svg).size(), 2U);
      EXPECT_LT(svg.size(), 20000U);
    }
  }
}

}  // namespace
}  // namespace difflm
