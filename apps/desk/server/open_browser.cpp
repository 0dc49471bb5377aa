// SPDX-License-Identifier: MIT
#include "desk/server/open_browser.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <thread>

extern char** environ;

namespace gainstage::desk {
namespace {

std::string folder() {
  for (const char* name : {"XDG_RUNTIME_DIR", "TMPDIR"}) {
    const char* value = std::getenv(name);
    if (value && *value == '/' && access(value, W_OK) == 0) return value;
  }
  return "/tmp";
}

}  // namespace

BrowserFile::BrowserFile(const std::string& url) {
  constexpr int ending = 5;  // ".html"
  std::string path = folder() + "/gainstage-desk-XXXXXX.html";
  const int file = mkstemps(path.data(), ending);  // Mode 0600.
  if (file < 0) return;
  const std::string page = fmt::format(
      "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">"
      "<meta http-equiv=\"refresh\" content=\"0; url={0}\"><title>Gainstage</title><a href=\"{0}\">The "
      "desk</a>\n",
      url);
  const bool is_whole = write(file, page.data(), page.size()) == static_cast<ssize_t>(page.size());
  close(file);
  path_ = path;
  if (is_whole) return;
  unlink(path.c_str());
  path_.clear();
}

BrowserFile::~BrowserFile() {
  if (!path_.empty()) unlink(path_.c_str());
}

void BrowserFile::open() const {
  if (path_.empty()) return;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  }
  // The signals that this program takes on one thread are the browser's own again; a group of its own keeps
  // Ctrl-C from it.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::string program = "xdg-open";
  std::string path = path_;
  std::array<char*, 3> words{program.data(), path.data(), nullptr};
  pid_t child = 0;
  const bool is_started = posix_spawnp(&child, words[0], &actions, &attributes, words.data(), environ) == 0;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (!is_started) return;
  std::thread([child] { waitpid(child, nullptr, 0); }).detach();
}

}  // namespace gainstage::desk
