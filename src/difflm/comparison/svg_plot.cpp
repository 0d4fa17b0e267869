#include "difflm/comparison/svg_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace difflm {
namespace {

constexpr double kLeft = 62;
constexpr double kRight = 14;
constexpr double kTop = 10;
constexpr double kBottom = 46;
constexpr int kColours = 10;

// One axis: values -> pixels.
class PlotAxis {
 public:
  PlotAxis(bool logarithmic, double from, double to) : logarithmic_(logarithmic), from_(from), to_(to) {}

  void include(double value) {
    if (!shows(value)) return;
    low_ = std::min(low_, at(value));
    high_ = std::max(high_, at(value));
  }
  bool shows(double value) const { return std::isfinite(value) && (!logarithmic_ || value > 0); }
  bool empty() const { return low_ > high_; }

  void finish() {
    // Numbers that differ by rounding alone are one number: between them there is no room for a tick.
    const double size = std::max({std::abs(low_), std::abs(high_), logarithmic_ ? 1.0 : 0.0});
    const double room = high_ - low_ > 1e-9 * size ? 0.06 * (high_ - low_) : std::max(0.5, std::abs(high_) * 0.1);
    low_ -= room;
    high_ += room;
  }

  double pixel(double value) const { return from_ + (at(value) - low_) / (high_ - low_) * (to_ - from_); }

  // Round values, about five of them.
  std::vector<double> ticks() const {
    std::vector<double> ticks;
    if (logarithmic_ && high_ - low_ > 0.7) {
      for (double decade = std::floor(low_); decade <= high_; ++decade) {
        for (const double factor : {1.0, 2.0, 5.0}) {
          if (factor != 1 && high_ - low_ > 2.5) continue;
          const double value = factor * std::pow(10, decade);
          if (at(value) >= low_ && at(value) <= high_) ticks.push_back(value);
        }
      }
      return ticks;
    }
    const double low = logarithmic_ ? std::pow(10, low_) : low_;
    const double high = logarithmic_ ? std::pow(10, high_) : high_;
    const double raw = (high - low) / 5;
    const double power = std::pow(10, std::floor(std::log10(raw)));
    const double step = (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10) * power;
    for (double k = std::ceil(low / step); k * step <= high; ++k) ticks.push_back(k * step);
    return ticks;
  }

 private:
  double at(double value) const { return logarithmic_ ? std::log10(value) : value; }

  bool logarithmic_;
  double from_;
  double to_;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

std::string tick_text(double value) { return std::abs(value) < 1e-12 ? "0" : fmt::format("{:.4g}", value); }

std::string mark(int shape, double x, double y) {
  switch (shape % 5) {
    case 0:
      return fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="4"/>)", x, y);
    case 1:
      return fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="7" height="7"/>)", x - 3.5, y - 3.5);
    case 2:
      return fmt::format(R"(<path d="M{:.1f} {:.1f}l4.5 8h-9z"/>)", x, y - 5);
    case 3:
      return fmt::format(R"(<path d="M{:.1f} {:.1f}l5 5-5 5-5-5z"/>)", x, y - 5);
    default:
      return fmt::format(R"(<path d="M{:.1f} {:.1f}l4.5-8h-9z"/>)", x, y + 5);
  }
}

void draw_frame(const Plot& plot, const PlotAxis& x, const PlotAxis& y, std::string& svg) {
  const double bottom = plot.height - kBottom;
  for (const double tick : x.ticks()) {
    const double at = x.pixel(tick);
    svg += fmt::format(
        R"(<path class="grid" d="M{0:.1f} {1:.1f}V{2:.1f}"/><text x="{0:.1f}" y="{3:.1f}" text-anchor="middle">{4}</text>)", at,
        kTop, bottom, bottom + 16, tick_text(tick));
  }
  for (const double tick : y.ticks()) {
    const double at = y.pixel(tick);
    svg += fmt::format(
        R"(<path class="grid" d="M{0:.1f} {1:.1f}H{2:.1f}"/><text x="{3:.1f}" y="{4:.1f}" text-anchor="end">{5}</text>)", kLeft, at,
        plot.width - kRight, kLeft - 6, at + 4, tick_text(tick));
  }
  svg += fmt::format(R"(<text class="label" x="{:.1f}" y="{}" text-anchor="middle">{}</text>)", (kLeft + plot.width - kRight) / 2,
                     plot.height - 8, escape_html(plot.x_label));
  svg += fmt::format(R"svg(<text class="label" transform="translate(14 {:.1f})rotate(-90)" text-anchor="middle">{}</text>)svg",
                     (kTop + bottom) / 2, escape_html(plot.y_label));
}

void draw_series(const Plot& plot, const PlotSeries& series, const PlotAxis& x, const PlotAxis& y, std::string& svg) {
  std::vector<PlotPoint> shown;
  for (const auto& point : series.points) {
    if (x.shows(point.x) && y.shows(point.y)) shown.push_back(point);
  }
  if (shown.empty()) return;
  svg += fmt::format(R"(<g class="c{}">)", series.colour % kColours);
  if (series.line && shown.size() > 1) {
    std::string path;
    for (const auto& point : shown)
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x.pixel(point.x), y.pixel(point.y));
    svg += fmt::format(R"(<path class="line" d="{}"><title>{}</title></path>)", path, escape_html(series.name));
  }
  for (const auto& point : shown) {
    const double at = x.pixel(point.x);
    if (point.low < point.high && y.shows(point.low) && y.shows(point.high)) {
      svg += fmt::format(R"(<path class="bar" d="M{:.1f} {:.1f}V{:.1f}"/>)", at, y.pixel(point.low), y.pixel(point.high));
    }
    if (!series.marks) continue;
    const std::string title = point.label.empty() ? series.name : series.name + ": " + point.label;
    svg += fmt::format("<g>{}<title>{} ({:.4g}, {:.4g})</title></g>", mark(series.colour, at, y.pixel(point.y)), escape_html(title),
                       point.x, point.y);
    if (plot.labels && !point.label.empty()) {
      const bool at_edge = at > 0.85 * plot.width;  // the label would be cut off
      svg += fmt::format(R"(<text class="word" x="{:.1f}" y="{:.1f}"{}>{}</text>)", at_edge ? at - 6 : at + 6, y.pixel(point.y) + 4,
                         at_edge ? R"( text-anchor="end")" : "", escape_html(point.label));
    }
  }
  svg += "</g>";
}

std::string legend_of(const Plot& plot) {
  std::string items;
  std::set<std::string> named;  // several series of one name are one item
  for (const auto& series : plot.series) {
    if (series.points.empty() || !named.insert(series.name).second) continue;
    items += fmt::format(R"(<li class="c{}"><svg width="14" height="14" aria-hidden="true">{}</svg>{}</li>)",
                         series.colour % kColours, mark(series.colour, 7, 7), escape_html(series.name));
  }
  return R"(<ul class="legend">)" + items + "</ul>";
}

}  // namespace

std::string escape_html(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string draw(const Plot& plot) {
  PlotAxis x(plot.log_x, kLeft, plot.width - kRight);
  PlotAxis y(plot.log_y, plot.height - kBottom, kTop);
  for (const auto& series : plot.series) {
    for (const auto& point : series.points) {
      if (!x.shows(point.x) || !y.shows(point.y)) continue;
      x.include(point.x);
      y.include(point.y);
      y.include(point.low);
      y.include(point.high);
    }
  }
  if (x.empty() || y.empty()) return "";
  x.finish();
  y.finish();
  std::string svg;
  draw_frame(plot, x, y, svg);
  for (const auto& series : plot.series) draw_series(plot, series, x, y, svg);
  return fmt::format(
      R"(<figure><figcaption>{0}</figcaption><svg class="plot" viewBox="0 0 {1} {2}" role="img" aria-label="{0}. {3}">{4}</svg>{5}</figure>)"
      "\n",
      escape_html(plot.title), plot.width, plot.height, escape_html(plot.description), svg, plot.legend ? legend_of(plot) : "");
}

}  // namespace difflm
