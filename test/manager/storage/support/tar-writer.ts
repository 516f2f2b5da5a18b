// Writes tars for tests with tar-stream's packer: what others write, where src/ has a writer of its own.
import { type Header, pack } from "tar-stream";

export type TarSpec = Partial<Header> & { name: string; content?: string | Uint8Array };

/** The bytes of a tar. */
export async function writeTar(entries: TarSpec[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) {
    if (content === undefined) tar.entry(header);
    else tar.entry(header, Buffer.from(content as string));
  }
  tar.finalize();
  return Buffer.concat((await Array.fromAsync(tar)) as Uint8Array[]);
}
