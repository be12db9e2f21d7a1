// Everything that native code usually needs.
#pragma once
#include "runtime/abstract.h"
#include "runtime/code.h"
#include "runtime/containers.h"
#include "runtime/errors.h"
#include "runtime/int.h"
#include "runtime/module.h"
#include "runtime/native.h"
#include "runtime/str.h"
