// Echo in C++17: a server and a client in one process. protocol_of<T>() makes a protocol of a class: each connection
// has its own T, which is deleted after connection_lost. No exception may leave a callback, hence the noexcept.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <transport.h>

struct FreeLoop {
  void operator()(transport_loop_t *loop) const noexcept { transport_loop_free(loop); }
};
using Loop = std::unique_ptr<transport_loop_t, FreeLoop>;

Loop make_loop() {
  transport_loop_t *loop = nullptr;
  if (transport_loop_new(nullptr, &loop) != TRANSPORT_OK) std::abort();
  return Loop(loop);
}

template <class T> transport_protocol_t protocol_of() {
  transport_protocol_t p{};
  p.size = sizeof p;
  p.connection_made = [](void *user, transport_t *t) noexcept { static_cast<T *>(user)->made(t); };
  p.data_received = [](void *user, transport_t *t, const uint8_t *data, size_t len) noexcept {
    static_cast<T *>(user)->received(t, {reinterpret_cast<const char *>(data), len});
  };
  p.connection_lost = [](void *user, transport_t *, const transport_error_t *error) noexcept {
    std::unique_ptr<T>(static_cast<T *>(user))->lost(error);
  };
  return p;
}

struct Echo {
  void made(transport_t *) {}
  void received(transport_t *t, std::string_view data) { transport_write(t, data.data(), data.size()); }
  void lost(const transport_error_t *) { std::cout << "server: connection lost\n"; }
};

struct Client {
  transport_server_t *server;
  bool *ok;
  std::string message = "echo, echo", answer = "";

  void made(transport_t *t) { transport_write(t, message.data(), message.size()); }
  void received(transport_t *t, std::string_view data) {
    answer += data;
    if (answer.size() >= message.size()) transport_close(t);
  }
  void lost(const transport_error_t *error) {
    std::cout << "client: " << (error ? error->message : answer) << '\n';
    *ok = error == nullptr && answer == message;
    transport_server_close(server); // the loop has nothing left to do
  }
};

int main() {
  Loop loop = make_loop();
  transport_server_t *server = nullptr;
  bool ok = false;

  transport_protocol_t echo = protocol_of<Echo>();
  transport_server_options_t at{};
  at.size = sizeof at;
  at.host = "127.0.0.1";
  auto factory = [](void *) noexcept -> void * { return new Echo; };
  if (transport_create_server(loop.get(), &at, &echo, factory, nullptr, &server)) return EXIT_FAILURE;

  transport_protocol_t client = protocol_of<Client>();
  transport_connect_options_t to{};
  to.size = sizeof to;
  to.host = "127.0.0.1";
  to.port = transport_server_port(server);
  auto self = std::unique_ptr<Client>(new Client{server, &ok});
  auto connected = [](void *arg, transport_t *, const transport_error_t *error) noexcept {
    if (error) std::unique_ptr<Client>(static_cast<Client *>(arg))->lost(error);
  };
  if (transport_create_connection(loop.get(), &to, &client, self.get(), connected, self.get(), nullptr))
    return EXIT_FAILURE;
  self.release(); // connection_lost deletes it, or connected when there is no connection

  transport_loop_run_until_idle(loop.get());
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
