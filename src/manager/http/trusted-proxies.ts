import { BlockList, isIP } from "node:net";
import { AppError } from "#domain/app-error.ts";

/** The reverse proxies whose word on where a request comes from is believed. */
export type TrustedProxies = { trusts: (address: string) => boolean };

export const NO_PROXIES: TrustedProxies = { trusts: () => false };

/** Reads addresses and networks as `--trusted-proxy` takes them: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`. Throws `bad_request`. */
export function parseTrustedProxies(networks: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const network of networks) add(list, network);
  return { trusts: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)) };
}

function add(list: BlockList, network: string): void {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(network) ?? [];
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const length = bits === undefined ? most : Number(bits);
  if (most < 0 || length > most)
    throw new AppError(
      "bad_request",
      `--trusted-proxy takes addresses and networks such as 10.0.0.0/8, not "${network}".`,
    );
  list.addSubnet(address, length, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}
