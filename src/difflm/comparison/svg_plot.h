// Plots as SVG text: they print, scale, work without a script, and a screen reader reads their title and description. Colours are
// CSS classes of the page, so that they follow its light or dark scheme; series differ in the shape of their marks too.
#pragma once

#include <string>
#include <vector>

namespace difflm {

// A character that HTML and SVG would take for markup becomes an entity.
std::string escape_html(const std::string& text);

struct PlotPoint {
  double x = 0;
  double y = 0;
  double low = 0;  // interval of y, equal to y where there is none
  double high = 0;
  std::string label;  // shown when pointed at; beside the mark where the plot says so
};

struct PlotSeries {
  std::string name;
  std::vector<PlotPoint> points;
  int colour = 0;    // class c0 .. c9
  bool line = true;  // joins the points
  bool marks = true;
};

struct Plot {
  std::string title;
  std::string description;  // what the plot shows, for those who cannot see it
  std::string x_label;
  std::string y_label;
  bool log_x = false;
  bool log_y = false;
  bool labels = false;  // of points, beside their marks
  bool legend = true;
  int width = 560;
  int height = 340;
  std::vector<PlotSeries> series;  // several of the same name share their place in the legend
};

// A <figure> with the drawing; points that are not finite, or not positive on a logarithmic axis, are left out. "" without any
// point.
std::string draw(const Plot& plot);

}  // namespace difflm
