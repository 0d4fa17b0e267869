// The verbs of the command line: one file each, listed in main.cpp.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace difflm {

// Each adds its subcommand; the callback does the work and throws difflm::Error.
void add_demo(CLI::App& app);
void add_prepare(CLI::App& app);
void add_annotate(CLI::App& app);
void add_inspect(CLI::App& app);
void add_train(CLI::App& app);
void add_sample(CLI::App& app);
void add_control(CLI::App& app);
void add_eval(CLI::App& app);
void add_serve(CLI::App& app);
void add_compare(CLI::App& app);
void add_report(CLI::App& app);
void add_list(CLI::App& app);
void add_describe(CLI::App& app);

}  // namespace difflm
