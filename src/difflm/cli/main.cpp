// difflm: text-diffusion language models from the command line.
//
// Data go to standard output, progress and messages to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage or
// configuration, 130 stopped by Ctrl-C, 141 (without a message) where the reader of standard output has gone, as in `... | head`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <system_error>

#include "difflm/cli/console.h"
#include "difflm/cli/text_output.h"
#include "difflm/cli/verb.h"
#include "difflm/cli/wording.h"
#include "difflm/core/error.h"
#include "difflm/core/names.h"
#include "difflm/difflm.h"
#include "difflm/nn/memory.h"
#include "difflm/nn/torch.h"

namespace {

constexpr int kReaderGone = 128 + SIGPIPE;  // what a shell reports of a program that the signal has ended

// A misspelt verb or option reads to the parser like a missing verb.
std::string wrong_usage(const CLI::App& app, const CLI::ParseError& error, const std::string& first) {
  std::vector<std::string> verbs;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) verbs.push_back(verb->get_name());
  const bool is_verb = std::find(verbs.begin(), verbs.end(), first) != verbs.end();
  if (first.empty()) return std::string(error.what()) + "\n  hint: see `difflm --help`";
  if (first.starts_with('-')) return fmt::format("there is no option '{}' before the verb\n  hint: see `difflm --help`", first);
  if (is_verb) return fmt::format("{}: {}\n  hint: see `difflm {} --help`", first, error.what(), first);
  return fmt::format("there is no verb '{}'\n  hint: {}", first, difflm::suggestion(first, verbs));
}

// What was printed may still be in the buffer; a full disk shows only here.
void flush_output() {
  if (std::fflush(stdout) == 0) return;
  if (errno == EPIPE) throw difflm::OutputClosed{};
  throw difflm::failure("standard output", fmt::format("cannot be written: {}", std::strerror(errno)));
}

// Says what went wrong in the words of the command line; returns the exit code.
template <class Problem>
int say_error_of(const CLI::App& app, const Problem& error) {
  const auto verbs = app.get_subcommands();
  const CLI::App& verb = verbs.empty() ? app : *verbs.front();
  difflm::print_error(difflm::in_command_words(error.where(), error.problem(), error.hint(), verb));
  return error.kind() == Problem::Kind::usage ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  difflm::keep_freed_memory();
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the size limit is then an error that names the file
  std::signal(SIGPIPE, SIG_IGN);  // nor may a training end because nobody reads its messages any more
  CLI::App app(
      "difflm trains, samples, steers and judges text-diffusion language models.\n"
      "Start with `difflm train yourtext.txt`, or `difflm demo`, which needs no text.");
  app.require_subcommand(1);
  app.set_version_flag("--version", DIFFLM_VERSION);
  difflm::add_demo(app);
  difflm::add_prepare(app);
  difflm::add_annotate(app);
  difflm::add_inspect(app);
  difflm::add_train(app);
  difflm::add_sample(app);
  difflm::add_control(app);
  difflm::add_eval(app);
  difflm::add_serve(app);
  difflm::add_compare(app);
  difflm::add_report(app);
  difflm::add_list(app);
  difflm::add_describe(app);
  try {
    app.parse(argc, argv);
    flush_output();
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    difflm::print_error(wrong_usage(app, error, argc > 1 ? argv[1] : ""));
    return 2;
  } catch (const difflm::Interrupted&) {
    return difflm::kInterruptedCode;
  } catch (const difflm::OutputClosed&) {
    return kReaderGone;
  } catch (const difflm::RunError& error) {
    return say_error_of(app, error);
  } catch (const difflm::Error& error) {
    return say_error_of(app, error);
  } catch (const c10::Error& error) {
    difflm::print_error(std::string("internal error in LibTorch: ") + error.what_without_backtrace());
    return 1;
  } catch (const std::bad_alloc&) {
    difflm::print_error("out of memory\n  hint: a smaller model, batch or data.length needs less");
    return 1;
  } catch (const std::exception& error) {
    const auto* system = dynamic_cast<const std::system_error*>(&error);  // what fmt::print throws
    if (system != nullptr && system->code().value() == EPIPE) return kReaderGone;
    difflm::print_error(error.what());
    return 1;
  }
}
