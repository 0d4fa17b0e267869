# Writes OUTPUT, a source with code_version(): VERSION and a hash of the contents of SOURCES. A source, not a header: it changes with
# every edit, and nothing else is to be compiled again for that.
set(all "")
foreach(source IN LISTS SOURCES)
  file(SHA256 ${source} hash)
  string(APPEND all ${hash})
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 12 hash)
file(WRITE ${OUTPUT} "#include \"difflm/cli/code_version.h\"\nconst char* difflm::code_version() { return \"${VERSION}-${hash}\"; }\n")
