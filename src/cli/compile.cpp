// `dxpy compile`: archives of compiled modules. Needs no interpreter.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "bytecode/archive.h"
#include "cli/run.h"
#include "compiler/compiler.h"
#include "frontend/parser.h"
#include "runtime/archive.h"
#include "runtime/lifecycle.h"

namespace dx {

std::vector<u8> compileFile(const std::string& path, const std::string& source, int optimize,
                            std::string* problem) {
  frontend::ParseResult parsed = frontend::parse(source);
  auto failed = [&](i32 line, const std::string& message) {
    *problem = path + ":" + std::to_string(line) + ": SyntaxError: " + message;
    return std::vector<u8>();
  };
  if (!parsed.module) return failed(parsed.error.line, parsed.error.message);
  compiler::CompileOptions options;
  options.filename = path;
  options.optimize = optimize;
  compiler::CompileResult result = compiler::compile(*parsed.module, options, *parsed.arena);
  if (result.error) return failed(result.error.span.line, result.error.message);
  return std::move(result.image);
}

namespace {

class Collection {
 public:
  Collection(int optimize, bool skipBad) : optimize_(optimize), skipBad_(skipBad) {}

  // Files below `folder` as modules named `prefix` + their path.
  bool addFolder(const std::string& folder, const std::string& prefix) {
    DIR* dir = opendir(folder.c_str());
    if (!dir) return fail(folder + ": " + strerror(errno));
    std::vector<std::string> names;
    while (dirent* e = readdir(dir)) names.push_back(e->d_name);
    closedir(dir);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      std::string path = folder + "/" + name;
      struct stat st;
      if (name[0] == '.' || stat(path.c_str(), &st) != 0) continue;
      if (S_ISDIR(st.st_mode)) {
        if (name != "__pycache__" && !isLeftOut(prefix + name) &&
            !addFolder(path, prefix + name + "/")) {
          return false;
        }
      } else if (name.ends_with(".py") && S_ISREG(st.st_mode)) {
        std::string stem = name.substr(0, name.size() - 3);
        bool package = stem == "__init__" && prefix.size() > prefixRoot_;
        std::string module = package ? prefix.substr(0, prefix.size() - 1) : prefix + stem;
        if (!addFile(path, module, package)) return false;
      }
    }
    return true;
  }

  bool addFile(const std::string& path, const std::string& name, bool package) {
    struct stat st;
    std::string source, problem;
    if (stat(path.c_str(), &st) != 0 || !readWholeFile(path, &source))
      return fail(path + ": " + strerror(errno));
    bytecode::ArchiveBuilder::Module module;
    module.image = compileFile(path, source, optimize_, &problem);
    if (module.image.empty()) {
      fprintf(stderr, "%s\n", problem.c_str());
      return skipBad_;
    }
    module.name = name;
    module.flags = package ? bytecode::kEntryPackage : u16(0);
    module.sourceSize = u32(st.st_size);
    module.sourceTime = i64(st.st_mtim.tv_sec) * 1000000000 + st.st_mtim.tv_nsec;
    builder_.add(std::move(module));
    return true;
  }

  void leaveOut(std::vector<std::string> names) { leftOut_ = std::move(names); }
  void setRoot(const std::string& prefix) { prefixRoot_ = prefix.size(); }
  size_t count() const { return builder_.count(); }
  bool fail(const std::string& text) {
    fprintf(stderr, "dxpy compile: %s\n", text.c_str());
    return false;
  }

  bool write(const std::string& path) {
    builder_.rankByUse();
    std::vector<u8> bytes = builder_.finish();
    if (bytes.empty()) return fail("more than 4 GB");
    // By renaming: whoever uses the old file keeps it, and nobody sees half of one.
    // What is no file (a device, a pipe) is written to as it is.
    struct stat st;
    bool replace = stat(path.c_str(), &st) != 0 || S_ISREG(st.st_mode);
    std::string temporary = replace ? path + "." + std::to_string(getpid()) : path;
    FILE* f = fopen(temporary.c_str(), "wb");
    bool ok = f && fwrite(bytes.data(), 1, bytes.size(), f) == bytes.size();
    if (f && fclose(f) != 0) ok = false;
    if (ok && (!replace || rename(temporary.c_str(), path.c_str()) == 0)) return true;
    int error = errno;
    if (f && replace) unlink(temporary.c_str());
    return fail(path + ": " + strerror(error));
  }

 private:
  bool isLeftOut(const std::string& name) const {
    return std::find(leftOut_.begin(), leftOut_.end(), name) != leftOut_.end();
  }

  bytecode::ArchiveBuilder builder_;
  std::vector<std::string> leftOut_;
  int optimize_;
  bool skipBad_;
  size_t prefixRoot_ = 0;
};

bool addPath(Collection& all, std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  struct stat st;
  if (stat(path.c_str(), &st) != 0) return all.fail(path + ": " + strerror(errno));
  std::string name = path.substr(path.rfind('/') + 1);
  if (S_ISDIR(st.st_mode)) {
    bool package = access((path + "/__init__.py").c_str(), F_OK) == 0;
    return all.addFolder(path, package ? name + "/" : "");
  }
  if (!name.ends_with(".py")) return all.fail(path + ": not a .py file");
  return all.addFile(path, name.substr(0, name.size() - 3), false);
}

int compileLibrary(const CommandLine& line, const std::string& output) {
  const Config& config = line.config;
  if (config.stdlib.empty()) {
    fputs("dxpy compile: no standard library found\n", stderr);
    return 1;
  }
  Collection all(0, true);
  all.leaveOut({"test", "idlelib/idle_test", "site-packages", "dist-packages", "lib-dynload"});
  if (!all.addFolder(config.stdlib, "")) return 1;
  all.leaveOut({});
  if (!config.ownLib.empty()) {
    std::string prefix(1, kOwnMark);
    all.setRoot(prefix);
    if (!all.addFolder(config.ownLib, prefix)) return 1;
  }
  return all.write(output) ? 0 : 1;
}

}  // namespace

int runCompile(const CommandLine& line) {
  std::string output;
  std::vector<std::string> paths;
  bool library = false;
  int optimize = line.config.optimize;
  const auto& args = line.config.argv;
  for (size_t i = 1; i < args.size(); i++) {
    if (args[i] == "-o" && i + 1 < args.size())
      output = args[++i];
    else if (args[i] == "-O" || args[i] == "-OO")
      optimize = int(args[i].size()) - 1;
    else if (args[i] == "--library")
      library = true;
    else if (args[i].starts_with("-"))
      return fprintf(stderr, "dxpy compile: unknown option %s\n", args[i].c_str()), 2;
    else
      paths.push_back(args[i]);
  }
  if (library && paths.empty() && !output.empty()) return compileLibrary(line, output);
  if (paths.empty() || (output.empty() && paths.size() > 1)) {
    fputs("usage: dxpy compile [-O] [-o FILE] PATH...\n", stderr);
    return 2;
  }
  if (output.empty()) {
    output = paths[0];
    while (output.size() > 1 && output.back() == '/') output.pop_back();
    if (output.ends_with(".py")) output.resize(output.size() - 3);
    output += ".dpb";
  }
  Collection all(optimize, false);
  for (const std::string& path : paths)
    if (!addPath(all, path)) return 1;
  if (all.count() == 0) return all.fail("no modules found"), 1;
  return all.write(output) ? 0 : 1;
}

}  // namespace dx
