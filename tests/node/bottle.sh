#!/bin/sh
# The first process of the bottle: mounts and a loopback of its own, then the command. Everything ends with it.
set -e
mount --make-rshared /
mount -t tmpfs tmpfs /run
ip link set lo up
"$@"
exit $?
