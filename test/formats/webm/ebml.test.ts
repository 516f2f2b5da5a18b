import { expect, test } from "bun:test";
import { element, fixedHead, float, head, signed } from "#formats/webm/ebml.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("an element is its id, its size and its content", () => {
  expect(hex(element(0xd7, 1))).toBe("d78101");
  expect(hex(element(0x4282, "webm"))).toBe("42828477" + "65626d");
  expect(hex(element(0xae, element(0xd7, 1), element(0x83, 1)))).toBe("ae86" + "d78101" + "838101");
  expect(hex(element(0x2ad7b1, 1_000_000))).toBe("2ad7b1830f4240");
  expect(hex(element(0xe7, 0))).toBe("e78100");
});

test("sizes take as many bytes as they need, and never all ones", () => {
  expect(hex(head(0xa3, 126))).toBe("a3fe");
  expect(hex(head(0xa3, 127))).toBe("a3407f");
  expect(hex(head(0xa3, 16382))).toBe("a37ffe");
  expect(hex(head(0xa3, 16383))).toBe("a3203fff");
  expect(hex(head(0xa3, 2 ** 35))).toBe("a3" + "040800000000");
  expect(hex(fixedHead(0x18538067, 2 ** 35))).toBe("18538067" + "0100000800000000");
});

test("signed numbers take more than a byte beyond 128", () => {
  expect(hex(signed(-42))).toBe("d6");
  expect(hex(signed(-128))).toBe("80");
  expect(hex(signed(-129))).toBe("ff7f");
  expect(hex(signed(-1000))).toBe("fc18");
  expect(hex(signed(127))).toBe("7f");
  expect(hex(signed(128))).toBe("0080");
});

test("floating-point numbers have eight bytes", () => {
  expect(hex(float(1001))).toBe("408f480000000000");
});
