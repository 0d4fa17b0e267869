// The files of a corpus: which ones are meant, and their content, unpacked and cleaned.
#pragma once

#include <string>
#include <vector>

#include "difflm/corpora/reading_log.h"
#include "difflm/text/utf8.h"

namespace difflm {

// The files that `patterns` name, each once, in their order: files, folders (all text files inside, by name, at any depth; hidden
// and binary ones are left out), globs with *, ?, [a-z] and ** for any number of folders, "~/" for the home folder, "-" for
// standard input. Throws a usage error for a pattern that matches nothing.
std::vector<std::string> find_corpus_files(const std::vector<std::string>& patterns, ReadingLog& log);

// The text of one file, or of standard input: unpacked where it is gzip, cleaned (clean_text). A lone CR ends a line, unless the
// file is a table whose rows end otherwise. Throws a usage error, with the way out, for what is no text: archives, documents of
// word processors, binaries, or bytes of which more than a fifth are not UTF-8.
std::string read_corpus_file(const std::string& path, ReadingLog& log, TextRepairs* repairs = nullptr, size_t* bytes = nullptr);

// For messages: "standard input" for "-", and a file below the folder one is in as seen from there.
std::string shown_path(const std::string& path);

}  // namespace difflm
