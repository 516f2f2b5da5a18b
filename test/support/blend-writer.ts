/** Members as in C: `int cfra`, `Object *camera`, `char name[64]`, `ListBase markers`. Members follow each other without gaps. */
export type StructDefinitions = Record<string, readonly string[]>;

export type BlendFormat = { version: number; pointerBytes: 4 | 8; littleEndian: boolean };

/** What a member gets: a number, an address for a pointer, or a text. */
export type MemberValue = number | bigint | string;
export type StructValues = Record<string, MemberValue>;

export const FORMAT_3_4: BlendFormat = { version: 304, pointerBytes: 8, littleEndian: true };
export const FORMAT_5_0: BlendFormat = { version: 500, pointerBytes: 8, littleEndian: true };
export const FORMAT_2_48_PPC: BlendFormat = { version: 248, pointerBytes: 4, littleEndian: false };

const BASIC_BYTES: Record<string, number> = {
  char: 1,
  uchar: 1,
  int8_t: 1,
  short: 2,
  ushort: 2,
  int: 4,
  float: 4,
  double: 8,
  int64_t: 8,
  uint64_t: 8,
};

type Member = { type: string; declarator: string; name: string; pointer: boolean; count: number };

/** Writes .blend files block by block, of any version's layout, for tests. Blocks without a struct hold raw bytes. */
export class BlendWriter {
  readonly format: BlendFormat;
  readonly #structs = new Map<string, Member[]>();
  readonly #blocks: Uint8Array[] = [];

  constructor(structs: StructDefinitions, format: BlendFormat = FORMAT_3_4) {
    this.format = format;
    this.#structs.set("raw_data", []);
    for (const [name, members] of Object.entries(structs)) this.#structs.set(name, members.map(parseMember));
  }

  /** A block of one struct, or of an array of them. Members that are not given are zero. */
  struct(code: string, address: bigint, struct: string, values: StructValues | readonly StructValues[] = {}): this {
    const items = Array.isArray(values) ? (values as readonly StructValues[]) : [values as StructValues];
    const size = this.#sizeOf(struct);
    const data = new Uint8Array(size * items.length);
    items.forEach((item, index) => {
      for (const [path, value] of Object.entries(item)) this.#set(data, index * size, struct, path, value);
    });
    return this.bytes(code, address, data, struct, items.length);
  }

  /** A block of bytes as they are. */
  bytes(code: string, address: bigint, data: Uint8Array, struct = "raw_data", count = 1): this {
    const number = [...this.#structs.keys()].indexOf(struct);
    this.#blocks.push(this.#head(code, data.length, address, number, count), data);
    return this;
  }

  text(code: string, address: bigint, text: string): this {
    return this.bytes(code, address, new TextEncoder().encode(`${text}\0`));
  }

  /** The whole file: header, blocks, DNA1 and ENDB. */
  finish(): Uint8Array<ArrayBuffer> {
    const dna = this.#dna();
    const parts = [
      this.#header(),
      ...this.#blocks,
      this.#head("DNA1", dna.length, 1n, 0, 1),
      dna,
      this.#head("ENDB", 0, 0n, 0, 0),
    ];
    return new Uint8Array(Buffer.concat(parts));
  }

  #header(): Uint8Array {
    const { version, pointerBytes, littleEndian } = this.format;
    const text =
      version >= 500
        ? `BLENDER17-01v${String(version).padStart(4, "0")}`
        : `BLENDER${pointerBytes === 8 ? "-" : "_"}${littleEndian ? "v" : "V"}${version}`;
    return new TextEncoder().encode(text);
  }

  #head(code: string, length: number, address: bigint, struct: number, count: number): Uint8Array {
    const { version, pointerBytes, littleEndian } = this.format;
    // A big-endian machine stored the two letters of an ID behind the zeros.
    const fullCode = littleEndian || code.length > 2 ? code.padEnd(4, "\0") : code.padStart(4, "\0");
    const out = new Out(littleEndian).text(fullCode);
    if (version >= 500) out.int32(struct).int64(address).int64(BigInt(length)).int64(BigInt(count));
    else {
      out.int32(length);
      if (pointerBytes === 8) out.int64(address);
      else out.int32(Number(address));
      out.int32(struct).int32(count);
    }
    return out.done();
  }

  #dna(): Uint8Array {
    const members = [...this.#structs.values()].flat();
    const types = [
      ...new Set([...Object.keys(BASIC_BYTES), ...this.#structs.keys(), ...members.map(({ type }) => type)]),
    ];
    const names = [...new Set(members.map(({ declarator }) => declarator))];
    const out = new Out(this.format.littleEndian).text("SDNA");
    out.text("NAME").int32(names.length);
    for (const name of names) out.text(`${name}\0`);
    out.align().text("TYPE").int32(types.length);
    for (const type of types) out.text(`${type}\0`);
    out.align().text("TLEN");
    for (const type of types) out.int16(this.#structs.has(type) ? this.#sizeOf(type) : (BASIC_BYTES[type] ?? 0));
    out.align().text("STRC").int32(this.#structs.size);
    for (const [name, own] of this.#structs) {
      out.int16(types.indexOf(name)).int16(own.length);
      for (const { type, declarator } of own) out.int16(types.indexOf(type)).int16(names.indexOf(declarator));
    }
    return out.done();
  }

  #sizeOf(type: string): number {
    const basic = BASIC_BYTES[type];
    if (basic !== undefined) return basic;
    const members = this.#structs.get(type);
    if (!members) throw new Error(`no struct ${type}`);
    return members.reduce((sum, member) => sum + this.#memberBytes(member), 0);
  }

  #memberBytes({ type, pointer, count }: Member): number {
    return count * (pointer ? this.format.pointerBytes : this.#sizeOf(type));
  }

  #set(data: Uint8Array, start: number, struct: string, path: string, value: MemberValue): void {
    const [name, ...rest] = path.split(".");
    let at = start;
    for (const member of this.#structs.get(struct) ?? []) {
      if (member.name !== name) at += this.#memberBytes(member);
      else if (rest.length > 0) return this.#set(data, at, member.type, rest.join("."), value);
      else return void data.set(this.#encode(member, value), at);
    }
    throw new Error(`no member ${path} in ${struct}`);
  }

  #encode(member: Member, value: MemberValue): Uint8Array {
    const out = new Out(this.format.littleEndian);
    if (typeof value === "string") return out.text(value).done();
    if (member.pointer)
      return this.format.pointerBytes === 8 ? out.int64(BigInt(value)).done() : out.int32(Number(value)).done();
    if (member.type === "float") return out.float32(Number(value)).done();
    if (member.type === "double") return out.float64(Number(value)).done();
    const bytes = this.#sizeOf(member.type);
    if (bytes === 1) return Uint8Array.of(Number(value));
    if (bytes === 2) return out.int16(Number(value)).done();
    return bytes === 4 ? out.int32(Number(value)).done() : out.int64(BigInt(value)).done();
  }
}

function parseMember(text: string): Member {
  const [type = "", declarator = ""] = text.split(" ");
  return {
    type,
    declarator,
    name: declarator.replace(/\[.*|[*()]/g, ""),
    pointer: /^[*(]/.test(declarator),
    count: [...declarator.matchAll(/\[(\d+)\]/g)].reduce((product, [, n]) => product * Number(n), 1),
  };
}

/** Bytes that are written from front to back. */
class Out {
  readonly #littleEndian: boolean;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  text(text: string): this {
    return this.#add(new TextEncoder().encode(text));
  }
  int16(value: number): this {
    return this.#view(2, (view, little) => view.setUint16(0, value & 0xffff, little));
  }
  int32(value: number): this {
    return this.#view(4, (view, little) => view.setUint32(0, value >>> 0, little));
  }
  int64(value: bigint): this {
    return this.#view(8, (view, little) => view.setBigUint64(0, BigInt.asUintN(64, value), little));
  }
  float32(value: number): this {
    return this.#view(4, (view, little) => view.setFloat32(0, value, little));
  }
  float64(value: number): this {
    return this.#view(8, (view, little) => view.setFloat64(0, value, little));
  }
  align(): this {
    return this.#add(new Uint8Array(-this.#length & 3));
  }
  done(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }

  #view(bytes: number, write: (view: DataView, littleEndian: boolean) => void): this {
    const part = new Uint8Array(bytes);
    write(new DataView(part.buffer), this.#littleEndian);
    return this.#add(part);
  }
  #add(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}
