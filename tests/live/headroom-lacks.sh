#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where the kernel's files cannot be read nothing is made up; without a memory hierarchy the machine is
# watched all the same.
. "$(dirname "$0")/lib-headroom.sh"
need_headroom
unshare -m true 2>/dev/null || skip "no mount namespace can be made here"

group a 65536
a=$id
real=$bin
cat >"$tmp/blind" <<EOF
#!/bin/sh
mount --bind /dev/null $groups/a/memory.stat && exec $real "\$@"
EOF
cat >"$tmp/without" <<EOF
#!/bin/sh
umount -l $memory_root && exec $real "\$@"
EOF
chmod +x "$tmp/blind" "$tmp/without"
in_namespace() { # SCRIPT
	cat >"$tmp/bin" <<EOF
#!/bin/sh
exec unshare -m --propagation private $tmp/$1 "\$@"
EOF
	chmod +x "$tmp/bin"
	bin=$tmp/bin
}

in_namespace blind
watch_start w --stats 50ms
grower g a
does g grow 62000
await w '"unread":[1-9]'
does g free 62000
watch_end w
expect w "what cannot be read is counted, and no level" ".[-1].headroom.unread > 0 and
	($(headroom_of "$a") == []) and (map(select(.event == \"level\" and .cgroup_id == $a)) == [])"
grower_end g

in_namespace without
watch_start w
watch_end w
expect w "only the machine" '.[-1].headroom | .cgroups == 0 and .looks > 0'
