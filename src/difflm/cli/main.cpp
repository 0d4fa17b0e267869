// difflm: text-diffusion language models from the command line.
//
// Data go to standard output, progress and messages to standard error. Exit code 0 done, 1 failed, 2 wrong usage or configuration,
// 130 stopped by Ctrl-C.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "difflm/cli/console.h"
#include "difflm/cli/verb.h"
#include "difflm/core/error.h"

int main(int argc, char** argv) {
  CLI::App app("difflm trains, samples and judges text-diffusion language models.\n"
               "Start with `difflm demo`, or `difflm train configs/difflm.toml data.path=yourtext.txt -o runs/mine`.");
  app.require_subcommand(1);
  app.set_version_flag("--version", DIFFLM_VERSION);
  difflm::add_demo(app);
  difflm::add_prepare(app);
  difflm::add_train(app);
  difflm::add_sample(app);
  difflm::add_eval(app);
  difflm::add_list(app);
  difflm::add_describe(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const difflm::Interrupted&) {
    return 130;
  } catch (const difflm::Error& error) {
    difflm::say_error(error.what());
    return error.kind() == difflm::Error::Kind::usage ? 2 : 1;
  } catch (const std::bad_alloc&) {
    difflm::say_error("out of memory\n  hint: a smaller model, batch or data.length needs less");
    return 1;
  } catch (const std::exception& error) {
    difflm::say_error(error.what());
    return 1;
  }
}
