// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <thread>

#include "workspace/written_places.h"

namespace gainstage::cli {
namespace {

constexpr int interrupted_exit = 130;
constexpr int unreadable_exit = 4;
constexpr int lost_page = SIGUSR1;  ///< From the thread that has lost a page to the watcher.

[[noreturn]] void stop_hard(int exit_code) {
  remove_temporaries();
  _exit(exit_code);
}

/// A page of a mapped file can't be read. The thread can't go on; the watcher, which may use locks and files,
/// ends the program.
void on_bus_error(int number, siginfo_t* about, void*) {
  if (about->si_code != BUS_ADRERR && about->si_code != BUS_OBJERR) {
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  constexpr char sentence[] =
      "gainstage: A file was cut short, or its disk could not be read any more, in the midst of being mixed. "
      "Nothing was written; run again when no other program writes the stems.\n";
  static_cast<void>(!write(STDERR_FILENO, sentence, sizeof sentence - 1));
  kill(getpid(), lost_page);
  while (true) pause();
}

void catch_bus_errors() {
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace

void watch_interrupts(Cancellation& cancellation) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  catch_bus_errors();
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, lost_page);
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    // What the starter has ignored (nohup, a job in the background) stays ignored.
    struct sigaction action {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&watched, number);
  }
  // Blocked here and in every thread started after; only the watcher takes them.
  pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  std::thread([watched, &cancellation] {
    int number = 0;
    while (sigwait(&watched, &number) == 0) {
      if (number == lost_page) stop_hard(unreadable_exit);
      if (cancellation.is_cancelled()) stop_hard(interrupted_exit);
      cancellation.cancel();
    }
  }).detach();
}

}  // namespace gainstage::cli
