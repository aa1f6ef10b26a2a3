// SPDX-License-Identifier: GPL-2.0-only
#include "flush.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>

#include "common/clock.h"
#include "record.h"
#include "totals.h"

int flush_init(struct flush *f, int prog_fd, const struct oomn_cpu *cpus, int nr_cpus)
{
	*f = (struct flush){ .prog_fd = prog_fd, .cpus = cpus, .nr_cpus = nr_cpus };
	f->stuck = calloc((size_t)nr_cpus, sizeof(*f->stuck));
	return f->stuck ? 0 : -ENOMEM;
}

void flush_free(struct flush *f)
{
	free(f->stuck);
	f->stuck = NULL;
}

/* Has @cpu send what waits in @gates. False: try again later. */
static bool flush_cpu(struct flush *f, int cpu, uint64_t gates)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .flags = BPF_F_TEST_RUN_ON_CPU, .cpu = (__u32)cpu,
		    .ctx_in = &gates, .ctx_size_in = sizeof(gates));

	while (gates) {
		if (bpf_prog_test_run_opts(f->prog_fd, &opts)) {
			/* Offline, most likely. */
			f->stuck[cpu] = totals_read(&f->cpus[cpu].waiting_hits);
			return true;
		}
		if (opts.retval == OOMN_FLUSH_BUSY)
			return false;
		for (int n = 0; n < OOMN_FLUSHED; n++)
			gates &= gates - 1;
	}
	return !totals_read(&f->cpus[cpu].waiting_hits);
}

/*
 * A look at the mapped gates comes first: to run the program interrupts the CPU, and in a storm
 * gates open by themselves, so that there is nearly never anything for it to send.
 */
bool flush_run(struct flush *f, uint64_t least_ns)
{
	const uint64_t at_ns = now_ns();
	bool again = false;

	for (int cpu = 0; cpu < f->nr_cpus; cpu++) {
		const uint64_t waiting = totals_read(&f->cpus[cpu].waiting_hits);
		uint64_t due;

		if (!waiting || waiting == f->stuck[cpu])
			continue;
		due = totals_due(&f->cpus[cpu], at_ns, least_ns);
		again |= !due || !flush_cpu(f, cpu, due);
	}
	return again;
}

void flush_check_clock(const struct flush *f)
{
	const uint64_t no_gates = 0;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = &no_gates, .ctx_size_in = sizeof(no_gates));
	uint64_t before_ns = now_ns(), kernel_ns = 0, after_ns;

	if (bpf_prog_test_run_opts(f->prog_fd, &opts))
		return;
	after_ns = now_ns();
	for (int cpu = 0; cpu < f->nr_cpus; cpu++)
		if (totals_read(&f->cpus[cpu].flush_ns) > kernel_ns)
			kernel_ns = totals_read(&f->cpus[cpu].flush_ns);
	clock_check(before_ns, kernel_ns, after_ns);
}
