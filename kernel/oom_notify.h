/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The public contract of oom-notify: what read() of /dev/oom_notify and /dev/oom_notify_critical
 * returns, and what may be asked of them.
 *
 * A program that only wants to be woken opens the device, waits with select(), poll() or epoll
 * until it is readable, reads, and frees memory. What it reads says why, how bad it is, and how
 * much to free. Poll also knows EPOLLPRI, for programs that wait as for a PSI trigger: told once,
 * consumed by the poll that asked for it. What happened before open() is never told.
 *
 * A file that asks for nothing is told of pressure, from level low on, at most once in interval_ms,
 * but for a rise to critical. What it wants to be told it writes, one of
 *
 *	none		everything, and the all-clear
 *	low		that level and above, as it comes; likewise medium and critical
 *	some US US	as PSI has it: low and above, but only once in the window, which is the
 *			second number; "full US US" is medium and above. Both are in microseconds:
 *			a window of 10 s at most, and a stall, which is not used, from 1 up to the
 *			window
 *
 * Any of these with " all-clear" behind it is also told that pressure is over; no other file is, as
 * most programs take a wake-up for "free memory". Anything else is EINVAL. What comes within a
 * window is told when it ends, in one record; if pressure is over by then, its pages are told with
 * the next one.
 *
 * A file is readable as long as a record waits to be read. Until its first read() it is so until
 * somebody has seen it: the call of select() or poll() that returned it, or, in an epoll set, an
 * interval_ms after that was first asked.
 *
 * Pages are base pages. Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef OOM_NOTIFY_H
#define OOM_NOTIFY_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define OOM_NOTIFY_VERSION 1

/* The words are those of `oom-notify watch`. */
enum oom_notify_level {
	OOM_NOTIFY_NONE,     /* nothing that concerns the machine as a whole */
	OOM_NOTIFY_LOW,	     /* the machine swaps out, or reclaim frees little of what it scans */
	OOM_NOTIFY_MEDIUM,   /* and tasks stall for it */
	OOM_NOTIFY_CRITICAL, /* and reclaim hardly frees anything; or an OOM kill is near */
};

/* Bits of oom_notify_record.reasons */
#define OOM_NOTIFY_SWAP_OUT	 (1U << 0) /* pages were written to a swap device */
#define OOM_NOTIFY_SWAP_ZSWAP	 (1U << 1) /* pages were swapped out to zswap */
#define OOM_NOTIFY_SWAP_ZERO	 (1U << 2) /* zero-filled pages were swapped out, without a write */
#define OOM_NOTIFY_LOW_WATERMARK (1U << 3) /* a zone fell below its low watermark: told once */
#define OOM_NOTIFY_STALL	 (1U << 4) /* tasks had to reclaim; the timer never says it alone */
#define OOM_NOTIFY_POOR_RECLAIM	 (1U << 5) /* reclaim frees little of what it scans */
#define OOM_NOTIFY_OOM		 (1U << 6) /* the OOM killer is about to choose a victim */
#define OOM_NOTIFY_ALL_CLEAR	 (1U << 7) /* no reason for clear_ms; to who asked for it */
#define OOM_NOTIFY_FED		 (1U << 8) /* seen by the loader as it happened, not by the timer */
#define OOM_NOTIFY_HEADROOM	 (1U << 9) /* little is left before somebody is killed */

#define OOM_NOTIFY_REASONS 0x3ffU

/*
 * Oldest first, always whole: read() with room for less than one is EINVAL. The size is in the
 * record so that a later version can be longer; what is known keeps its place.
 */
struct oom_notify_record {
	__u32 size;	     /* of this record, in bytes */
	__u16 version;	     /* OOM_NOTIFY_VERSION */
	__u16 level;	     /* enum oom_notify_level */
	__u32 reasons;	     /* one bit or more */
	__s32 node;	     /* the one that lacks most pages, -1: none lacks any */
	__u64 sequence;	     /* of this file, from 1; a gap: unread records were merged into this */
	__u64 event_ns;	     /* when it happened, or when the timer saw it */
	__u64 notified_ns;   /* when this file was told */
	__u64 swapped_pages; /* swapped out since the record before, or since open() */
	__u64 free_pages;    /* of the machine, at notified_ns */
	__u64 pages_to_free; /* until all zones reach their high watermark, or headroom is well */
};

/* Records that a file keeps for its reader; older records are then merged, their pages added up. */
#define OOM_NOTIFY_QUEUE 16

/*
 * Files open at once, both devices together; then open() is ENFILE. The last are for
 * CAP_SYS_RESOURCE, as is what exceeds max_files_per_user, where open() is EMFILE for others.
 */
#define OOM_NOTIFY_MAX_FILES	  32768
#define OOM_NOTIFY_RESERVED_FILES 1024

/* An event reaches every file within this many times wake_gap_ms, however many there are. */
#define OOM_NOTIFY_MAX_ROUNDS 16

/* The bound of critical_grace_ms. */
#define OOM_NOTIFY_MAX_GRACE_MS 1000

/*
 * Tells an event to all files of /dev/oom_notify at once. For a caller with CAP_SYS_ADMIN or a file
 * that was opened with it, else EPERM; through a file that is open for writing, else EBADF. The
 * caller sets size, version, level, reasons (without OOM_NOTIFY_FED and OOM_NOTIFY_OOM), node and
 * event_ns (not in the future, nor older than a minute), and with OOM_NOTIFY_HEADROOM
 * pages_to_free; all other members are the module's and must be 0. With OOM_NOTIFY_ALL_CLEAR, which
 * comes alone, level is none. Anything else is EINVAL. Files opened after event_ns are not told,
 * nor is the file that feeds, from then on; one opened only for writing is told nothing at all.
 */
#define OOM_NOTIFY_IOC_FEED _IOW('O', 0x4e, struct oom_notify_record)

#endif
