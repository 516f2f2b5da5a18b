import { dlopen, FFIType } from "bun:ffi";
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";

/** PR_SET_DUMPABLE of <linux/prctl.h>. */
const SET_DUMPABLE = 4;

/**
 * Puts a key out of reach of the other programs of this user, where Blender is not sandboxed: a scene is hostile code. Overwrites it in
 * this process's command line and environment, as /proc shows them, takes it out of what children inherit, and has the kernel keep
 * other processes out of our memory and /proc files (prctl(2), PR_SET_DUMPABLE; root is not kept out). Returns false where not all of that
 * could be done. The key as a string in this program stays as it is.
 */
export function hideKey(key: string): boolean {
  for (const [name, value] of Object.entries(process.env)) if (value?.includes(key)) delete process.env[name];
  return [overwriteInProc(key), becomeUndumpable()].every(Boolean);
}

function overwriteInProc(key: string): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // proc(5): arg_start, arg_end, env_start and env_end are fields 48 to 51.
    const [argStart, argEnd, envStart, envEnd] = fields.slice(48 - 3, 51 - 3 + 1).map(Number);
    overwrite(key, argStart!, argEnd!);
    overwrite(key, envStart!, envEnd!);
    return true;
  } catch {
    return false;
  }
}

function overwrite(key: string, start: number, end: number): void {
  const memory = openSync("/proc/self/mem", "r+");
  try {
    const bytes = Buffer.alloc(end - start);
    readSync(memory, bytes, 0, bytes.length, start);
    const stars = Buffer.alloc(Buffer.byteLength(key), "*");
    for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at + stars.length))
      writeSync(memory, stars, 0, stars.length, start + at);
  } finally {
    closeSync(memory);
  }
}

function becomeUndumpable(): boolean {
  try {
    const { u64, i32 } = FFIType;
    const libc = dlopen("libc.so.6", { prctl: { args: [i32, u64, u64, u64, u64], returns: i32 } });
    return libc.symbols.prctl(SET_DUMPABLE, 0, 0, 0, 0) === 0;
  } catch {
    return false;
  }
}
