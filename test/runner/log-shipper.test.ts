import { expect, test } from "bun:test";
import { createLogShipper } from "#runner/log-shipper.ts";
import type { ManagerClient } from "#runner/manager-client.ts";
import { ManagerRefusal, ManagerUnreachable } from "#runner/manager-errors.ts";
import { stillPatience, until } from "./support/fixtures.ts";

type Piece = { offset: number; text: string };

/** A shipper and the pieces that reached the manager; `fail` may throw in its place. */
function setUp(fail: (piece: Piece) => void = () => {}, signal = new AbortController().signal) {
  const pieces: Piece[] = [];
  const appendLog: ManagerClient["appendLog"] = async (_, { offset }, bytes) => {
    const piece = { offset, text: Buffer.from(bytes).toString() };
    pieces.push(piece);
    fail(piece);
  };
  const patience = stillPatience();
  const shipper = createLogShipper({ lease: { id: 11, attempt: 1 }, client: { appendLog }, patience, signal });
  return { shipper, pieces, patience };
}

test("lines are gathered for a second, and sent together", async () => {
  const { shipper, pieces, patience } = setUp();
  shipper.line("one");
  shipper.line("zwei ü");
  expect(pieces).toEqual([]);
  patience.time.advance(1000);
  await shipper.close();
  expect(pieces).toEqual([{ offset: 0, text: "one\nzwei ü\n" }]);
});

test("each piece names the byte where it belongs", async () => {
  const arrived = Promise.withResolvers<void>();
  const { shipper, pieces, patience } = setUp(() => arrived.resolve());
  shipper.line("ü");
  patience.time.advance(1000);
  await arrived.promise;
  shipper.line("b");
  await shipper.close();
  expect(pieces).toEqual([
    { offset: 0, text: "ü\n" },
    { offset: 3, text: "b\n" },
  ]);
});

test("what is left is sent at once when the log is closed", async () => {
  const { shipper, pieces } = setUp();
  shipper.line("last words");
  await shipper.close();
  expect(pieces).toEqual([{ offset: 0, text: "last words\n" }]);
});

test("a log of many lines goes in pieces of 64 kB, without waiting", async () => {
  const { shipper, pieces } = setUp();
  for (let n = 0; n < 1000; n += 1) shipper.line("x".repeat(199));
  await shipper.close();
  expect(pieces.map(({ text }) => text.length)).toEqual([65_600, 65_600, 65_600, 3200]);
  expect(pieces.map(({ offset }) => offset)).toEqual([0, 65_600, 131_200, 196_800]);
});

test("a piece whose answer was lost is sent again as it was, also when lines have come since", async () => {
  let failures = 2;
  const { shipper, pieces, patience } = setUp(() => {
    if (failures-- > 0) throw new ManagerUnreachable("cut");
  });
  shipper.line("one");
  patience.time.advance(1000);
  for (const ms of [1000, 2000]) {
    await patience.time.waitedFor(ms);
    shipper.line("more");
    patience.time.advance(ms);
  }
  await shipper.close();
  expect(pieces.slice(0, 3)).toEqual(Array(3).fill({ offset: 0, text: "one\n" }));
  expect(pieces[3]).toEqual({ offset: 4, text: "more\nmore\n" });
});

test("while the manager is away no more than a megabyte is kept, and the log says what is left out", async () => {
  const { shipper, pieces } = setUp();
  for (let n = 0; n < 1100; n += 1) shipper.line("x".repeat(999));
  await shipper.close();
  const text = pieces.map((piece) => piece.text).join("");
  expect(text.length).toBeLessThan(1024 * 1024 + 100);
  expect(text).toEndWith("(52 lines were left out of this log)\n");
});

test("a scene that prints without end fills at most 16 MiB", async () => {
  const { shipper, pieces, patience } = setUp();
  const most = 16_777_000; // as many whole lines of 1000 bytes as fit
  const sent = () => pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  for (let lines = 512; lines <= 40 * 512; lines += 512) {
    for (let n = 0; n < 512; n += 1) shipper.line("x".repeat(999));
    await until(() => (patience.time.advance(1000), sent() >= Math.min(lines * 1000, most)));
  }
  await shipper.close();
  expect(sent()).toBe(most + "(3703 lines were left out of this log)\n".length);
});

test("when the manager refuses a piece, the rest is dropped in peace", async () => {
  const { shipper, pieces } = setUp(() => {
    throw new ManagerRefusal(409, "lease_lost", "no");
  });
  shipper.line("one");
  await shipper.close();
  shipper.line("two");
  await shipper.close();
  expect(pieces).toHaveLength(1);
});

test("an abort ends the sending, and closing does not wait", async () => {
  const over = new AbortController();
  const { shipper, patience } = setUp(() => {
    throw new ManagerUnreachable("away");
  }, over.signal);
  shipper.line("one");
  patience.time.advance(1000);
  const closed = shipper.close();
  await patience.time.waitedFor(1000);
  over.abort();
  await closed;
  expect(patience.time.waits).toEqual([]);
});
