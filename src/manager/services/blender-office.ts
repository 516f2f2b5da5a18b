import { AppError } from "#domain/app-error.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import { byteSize } from "#manager/storage/byte-size.ts";
import { freeBytes } from "#manager/storage/blender-versions.ts";
import type { Layout } from "#manager/storage/layout.ts";
import type { Farm, Office } from "./farm.ts";

/** What adding and removing Blenders needs; the command line has it too, beside a manager that runs. */
export type BlenderOffice = Office & {
  storage: Layout;
  /** In which a new Blender is tried. */
  sandbox: Sandbox;
  /** Changes the database; all of it or nothing. */
  write: <T>(change: () => T) => Promise<T>;
};

/** What a running manager adds Blenders with. */
export function blenderOfficeOf(farm: Farm): BlenderOffice {
  const { db, clock, storage, tools, commit } = farm;
  return { db, clock, storage, sandbox: tools.sandbox, write: (change) => commit.write(change) };
}

/** What must stay free besides. */
const SPARE_BYTES = 500e6;

/** Throws `disk_full` where there is less room than `bytes`, before anything is begun. */
export async function mustHaveRoom(office: BlenderOffice, bytes: number): Promise<void> {
  const free = await freeBytes(office.storage);
  if (free >= bytes + SPARE_BYTES) return;
  throw new AppError(
    "disk_full",
    `This takes about ${byteSize(bytes)}, and the storage has ${byteSize(free)} free. Make room and add it again.`,
  );
}
