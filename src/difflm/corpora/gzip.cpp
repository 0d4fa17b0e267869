#include "difflm/corpora/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <memory>

#include "difflm/core/error.h"

namespace difflm {

std::string unpack_gzip(const std::string& bytes, const std::string& path) {
  z_stream stream{};
  if (::inflateInit2(&stream, 15 + 16) != Z_OK) throw failure(path, "cannot be unpacked: no memory");
  const std::unique_ptr<z_stream, void (*)(z_stream*)> owner(&stream, [](z_stream* open) { ::inflateEnd(open); });
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
  size_t left = bytes.size();
  std::string text;
  std::array<char, 1 << 16> block;
  int status = Z_OK;
  while (true) {
    if (stream.avail_in == 0) {
      const size_t part = std::min<size_t>(left, 1U << 30);
      stream.avail_in = static_cast<uInt>(part);
      left -= part;
    }
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    text.append(block.data(), block.size() - stream.avail_out);
    const bool more = stream.avail_in > 0 || left > 0;
    if (status == Z_STREAM_END && more && *stream.next_in == 0x1F) {
      if (::inflateReset(&stream) != Z_OK) break;  // the next member
    } else if (status == Z_STREAM_END) {
      return text;
    } else if (status != Z_OK || (!more && stream.avail_out > 0)) {
      break;
    }
  }
  throw usage_error(path, fmt::format("is damaged or cut: only {} bytes could be unpacked", text.size()),
                    "pack or download it again");
}

}  // namespace difflm
