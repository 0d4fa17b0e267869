#include "difflm/data/packing.h"

#include "difflm/data/packing/block.h"
#include "difflm/data/packing/bucket.h"
#include "difflm/data/packing/pad.h"

namespace difflm {

const PackingFamily& packings() {
  using F = PackingFamily;
  static const F family("data.packing", "how texts become sequences",
                        {
                            variant<F, PadPacking>("pad", "one text per sequence; START, END and PAD are tokens (Diffusion-LM)"),
                            variant<F, BucketPacking>("bucket", "one text per sequence, batches of equal length, no PAD at all"),
                            variant<F, BlockPacking>("block", "one stream cut into blocks"),
                        });
  return family;
}

std::vector<Token> Packing::unpack(std::span<const Token> sequence) const {
  std::vector<Token> document;
  for (const size_t position : positions(sequence)) document.push_back(sequence[position]);
  return document;
}

}  // namespace difflm
