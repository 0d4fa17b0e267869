# Writes OUTPUT, a header with kCodeVersion: VERSION and a hash of the contents of SOURCES.
set(all "")
foreach(source IN LISTS SOURCES)
  file(SHA256 ${source} hash)
  string(APPEND all ${hash})
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 12 hash)
file(WRITE ${OUTPUT} "#pragma once\nnamespace difflm {\ninline constexpr const char* kCodeVersion = \"${VERSION}-${hash}\";\n}\n")
