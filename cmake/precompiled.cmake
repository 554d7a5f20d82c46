# What most sources include and takes long to read: each folder of src/, and the tests, read it precompiled. A source names all
# that it needs all the same: `./dev lint` compiles without this.
set(often_included
  <algorithm> <atomic> <chrono> <coroutine> <expected> <filesystem> <functional> <memory> <mutex> <optional> <sstream> <string>
  <string_view> <unordered_map> <vector> <boost/asio/awaitable.hpp> <boost/asio/steady_timer.hpp>)

# Without the time of its making, so that ccache knows it again.
add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
