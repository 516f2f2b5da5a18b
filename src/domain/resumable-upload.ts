/** An upload on its way, in one piece or in many, over broken connections and restarts (tus 1.0, https://tus.io/protocols/resumable-upload). */
export type ResumableUpload = {
  id: number;
  userId: number;
  /** The draft that it is for, where it was named at the start. */
  jobId: number | null;
  name: string;
  /** All of its bytes, also those that have not arrived. */
  size: number;
  /** What the sender said of it: the header Upload-Metadata, word for word. */
  metadata: string;
  createdAtMs: number;
  /** The last time that something of it arrived. */
  touchedAtMs: number;
};

/** What is not finished for this long is given up. */
const KEPT_MS = 24 * 3600 * 1000;

/** When an upload is given up unless something of it arrives before. */
export function expiresAtMs(upload: Pick<ResumableUpload, "touchedAtMs">): number {
  return upload.touchedAtMs + KEPT_MS;
}

/** Uploads that were last touched before this are given up now. */
export function givenUpBeforeMs(nowMs: number): number {
  return nowMs - KEPT_MS;
}

/** The checksums that a piece of an upload may be sent with. */
export const CHECKSUM_ALGORITHMS = ["sha1", "sha256", "md5"] as const;
export type Checksum = { algorithm: (typeof CHECKSUM_ALGORITHMS)[number]; digest: Uint8Array };
