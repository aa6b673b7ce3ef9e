// The loop calls a lambda, then another one from a timer; each sees the object it was given.
#include <cstdio>
#include <transport.h>

struct Loop {
  transport_loop_t *handle = nullptr;
  Loop() { transport_loop_new(nullptr, &handle); }
  ~Loop() { transport_loop_free(handle); }
};

int main() {
  static int calls = 0;
  static Loop loop;
  auto later = [](void *count) { ++*static_cast<int *>(count); };
  auto soon = [](void *count) { ++*static_cast<int *>(count); };
  if (transport_loop_call_soon(loop.handle, soon, &calls, nullptr) != TRANSPORT_OK) return 1;
  if (transport_loop_call_later(loop.handle, TRANSPORT_MS(5), later, &calls, nullptr) != TRANSPORT_OK) return 2;
  if (transport_loop_run_until_idle(loop.handle) != TRANSPORT_OK) return 3;
  std::printf("libtransport %06x made %d calls\n", static_cast<unsigned>(transport_version()), calls);
  return calls != 2;
}
