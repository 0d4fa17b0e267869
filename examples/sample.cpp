// Opens a run and writes texts: ./sample RUN [COUNT]
#include <difflm/difflm.h>

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: sample RUN [COUNT]\n";
    return 2;
  }
  try {
    const auto model = difflm::Model::open(argv[1]);
    for (const auto& text : model.sample({.count = argc > 2 ? std::atoi(argv[2]) : 3})) std::cout << text.text << "\n";
  } catch (const difflm::RunError& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
