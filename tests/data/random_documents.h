// Documents of random tokens.
#pragma once

#include "difflm/core/random.h"
#include "difflm/data/token_store.h"

namespace difflm::test {

// `count` documents of 1 .. longest tokens out of 4 .. vocabulary-1, now and then an unknown one.
inline TokenDocuments random_documents(size_t count, int64_t longest, uint64_t seed = 1, Token vocabulary = 50) {
  RandomStream random(seed, "documents");
  TokenDocuments documents(count);
  for (auto& document : documents) {
    document.resize(1 + random.below(static_cast<uint64_t>(longest)));
    for (auto& token : document) {
      token = random.below(20) == 0
                  ? kUnknown
                  : static_cast<Token>(kSpecialTokens + random.below(static_cast<uint64_t>(vocabulary - kSpecialTokens)));
    }
  }
  return documents;
}

}  // namespace difflm::test
