import { expect, test } from "bun:test";
import { parseReprDigest, reprDigest } from "#protocol/digest.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

test("a digest is written as RFC 9530 says", () => {
  expect(reprDigest(EMPTY)).toBe("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
});

test("what is written is read again, also among others", () => {
  expect(parseReprDigest(reprDigest(EMPTY))).toBe(EMPTY);
  expect(parseReprDigest(`sha-512=:AAAA:, ${reprDigest(EMPTY)}`)).toBe(EMPTY);
});

test.each([null, "", "sha-256=abc", "sha-256=:short:", "md5=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"])(
  "%p holds no SHA-256",
  (header) => {
    expect(parseReprDigest(header)).toBeNull();
  },
);
