#!/bin/sh
# The first process of a machine in the bottle, which only ends what has lost its parent: `machine.sh NAME`. It says so when the machine is there.
set -e
hostname "$1"
mount --make-rshared /
# where container runtimes and kubelets write, whatever they are told
for folder in /run /var/lib /var/log; do mount -t tmpfs tmpfs "$folder"; done
# what a kubelet would set on the whole machine: it reads what it wants, and sets nothing
mkdir /run/sysctl
for pair in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=/run/sysctl/$(echo "${pair%=*}" | tr / .)
  echo "${pair#*=}" > "$file"
  mount --bind "$file" "/proc/sys/${pair%=*}"
done
ip link set lo up
sleep infinity &
echo ready
while :; do wait; done
