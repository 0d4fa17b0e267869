// The files of this folder are compiled once for each level of vector instructions (CMakeLists.txt), each time into a namespace of
// that name; vector_kernels.h puts the functions of a level into a table. Where no level is defined, only declarations are needed.
//
// Nothing included here may add inline functions that code of other levels shares, or the linker might keep the version that an
// older processor cannot run: only plain C++ and functions that are always inlined.
#pragma once

#ifndef DIFFLM_LEVEL
#define DIFFLM_LEVEL plain
#endif
