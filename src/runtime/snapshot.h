// Snapshots of the started runtime: what every start does alike (types, built-ins, the import
// system, the modules of `site`) is done once, when dxpy is built, and kept in a file beside the
// program. A start maps that file privately and goes on from there.
//
// In the file are the arena (memory/arena.h: all memory of that process, at addresses of its own)
// and the pages of dxpy's own variables (cmake/snapshot.ld). The program is not position
// independent, so addresses of functions, static types and variables hold in every process; of the
// C library, the stack and the environment, whose addresses differ, nothing is kept (writing looks
// for such words and refuses). What differs by process is made anew by the caller: see
// lifecycle.cpp. Hashes of strings are renewed here, as each process has its own key.
//
// A snapshot belongs to one build of the program, one archive of the library, the library's place,
// and the sources it was made from. If anything is different, or an address is taken, nothing
// happens: the start is an ordinary one.
#pragma once
#include "runtime/module.h"

namespace dx {

// `path` of the snapshot for this configuration, beside the archive. Empty: starts of this kind
// (tracing imports, optimized code, warning options, ...) have none.
std::string snapshotFor(const Config& config);

// All memory from now on belongs to the snapshot to be. Before anything is allocated. False when
// this build or address space has no room for it.
bool beginSnapshot();
// Writes the state, with no Python frame running. The process has to end then. Empty: done.
std::string writeSnapshot(Thread& t, const std::string& path);

// Takes over the state in the file: the thread that made it becomes the calling one. Null when
// there is no such file, or none that fits; nothing has changed then.
Thread* restoreSnapshot(const std::string& path, const Config& config);

// ---- hashes (runtime/snapshot_hashes.cpp) ----

// Where something with a hash in it lies: units of the arena with the top bit set, or an address
// of a variable.
using SnapshotPlace = u32;
struct HashPlaces {
  std::vector<SnapshotPlace> strings, others;  // str; bytes, tuple, frozenset: objects with hashes
  std::vector<SnapshotPlace> sets;             // with items whose hash depends on the key
  std::vector<SnapshotPlace> dicts;            // tables of keys, likewise
  std::string problem;                         // why they cannot be renewed
};
// Of all objects in the arena and in [begin, end) ranges of variables.
HashPlaces findHashes(std::span<const std::span<u8>> variables);
struct HashPlacesView {
  std::span<const SnapshotPlace> strings, others, sets, dicts;
};
// Under the key that is valid now. No Python runs: findHashes lets no key pass whose hash needs it.
void renewHashes(Thread& t, const HashPlacesView& places);

// ---- implemented by the owners of what is renewed ----
void forgetMethodCache();        // types.cpp: these are not kept, and made again by use
void forgetMegamorphicCaches();  // speculation/megamorphic.cpp
void forgetHashKey();            // str_intern.cpp: the next use makes a new one
void rehashInterned();           // str_intern.cpp
Result<void> dictRehash(Thread& t, DictKeys* keys);  // dict.cpp
Result<void> setRehash(Thread& t, Set* s);           // set.cpp

}  // namespace dx
