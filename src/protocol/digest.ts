const SHA256 = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/;

/** Writes a SHA-256 (hex) as the value of `Repr-Digest` (RFC 9530, section 3). */
export function reprDigest(sha256Hex: string): string {
  return `sha-256=:${Buffer.from(sha256Hex, "hex").toString("base64")}:`;
}

/** Reads the SHA-256 out of a `Repr-Digest` header as hex; null when it holds none. */
export function parseReprDigest(header: string | null): string | null {
  const match = SHA256.exec(header ?? "");
  return match ? Buffer.from(match[1]!, "base64").toString("hex") : null;
}
