# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a hit costs in instructions: this guest's clock counts them, a nanosecond each, so that the times of
# `make bench` are exact and the same on every machine.
# shellcheck disable=SC2034
QEMU='-icount shift=0'
# 5.10 does not bring up a second processor by such a clock.
APPEND=nr_cpus=1
MEMORY=1024
LIMIT=400

guest() {
	OOM_NOTIFY=$OOM_NOTIFY OUTPUT=$PWD ROUNDS=1 $OOM_NOTIFY-compare bench programs >bench.txt 2>bench.err || cat bench.err
}

verify() {
	result bench.txt
}
