// The codecs of all use cases; codec.h says what a codec is.
#pragma once

#include "rpc/account_codecs.h"
#include "rpc/device_codecs.h"
#include "rpc/profile_codecs.h"
#include "rpc/public_codecs.h"
#include "rpc/session_codecs.h"
