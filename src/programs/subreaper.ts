import { dlopen, FFIType } from "bun:ffi";

/** PR_SET_CHILD_SUBREAPER of <linux/prctl.h>. */
const SET_CHILD_SUBREAPER = 36;

/**
 * Makes the kernel hand orphans of this process's children to this process and not to init (prctl(2)), so that also those that
 * left their group and session can be found and ended. Returns false where the C library has no prctl under that name.
 */
export function becomeSubreaper(): boolean {
  try {
    const { u64, i32 } = FFIType;
    const libc = dlopen("libc.so.6", { prctl: { args: [i32, u64, u64, u64, u64], returns: i32 } });
    return libc.symbols.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0) === 0;
  } catch {
    return false;
  }
}
