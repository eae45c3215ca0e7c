#include <wsproof/error.hpp>
