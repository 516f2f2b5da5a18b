import type { CAC } from "cac";
import { AppError } from "#domain/app-error.ts";
import { KEY_SCOPES } from "#domain/user.ts";
import {
  addKey,
  addUser,
  allKeys,
  allUsers,
  changeSetting,
  removeKey,
  removeUser,
  withOffice,
  type Office,
} from "#manager/open.ts";
import { setValue, settingsTable, unsetValue } from "./config-set.ts";
import { readFlags, type Flag } from "./flags.ts";
import { DATA_FLAGS } from "./manager.ts";
import { table } from "./table.ts";
import { unmark } from "./text-arguments.ts";
import { UsageError } from "./usage-error.ts";

export const CONFIG_FLAGS: readonly Flag[] = [
  ...DATA_FLAGS,
  { name: "admin", description: "make the user an admin" },
  { name: "scope", value: "scope", description: "what a key may do: manager (a runner for every job) or user" },
  { name: "user", value: "email", description: "the user that a key of scope user belongs to" },
  { name: "redirect-url", value: "url", description: "where Google or Discord send people back to" },
];

type Io = { write: (line: string) => void; readInput: () => Promise<string>; env: Record<string, string | undefined> };
type Action = (office: Office, args: string[], options: Record<string, unknown>) => Promise<void> | void;

/** Adds the commands of `jiggablend manager config` to their own cac. Each opens the database, also beside a running manager. */
export function addConfigCommands(cli: CAC, io: Io): void {
  const add = (usage: string, description: string, action: Action): void => {
    const command = cli.command(usage, description);
    command.action(async (...args: unknown[]) => {
      const options = args.pop() as Record<string, unknown>;
      const db = readFlags(CONFIG_FLAGS, options, io.env).required("db", "says where the database is");
      const texts = args.flat().flatMap((arg) => (arg === undefined ? [] : [String(unmark(arg))]));
      await withOffice({ db }, (office) => action(office, texts, options));
    });
  };
  add("enable <what>", "switch on localauth or registration", (office, [what]) =>
    changeSetting(office, switchName(what), "on"),
  );
  add("disable <what>", "switch off localauth or registration", (office, [what]) =>
    changeSetting(office, switchName(what), "off"),
  );
  add(
    "set <setting> [...values]",
    "change a setting; google-oauth or discord-oauth <client-id> <client-secret>; password <email> <password>",
    (office, words, options) =>
      setValue(office, words, readFlags(CONFIG_FLAGS, options, io.env), (given) => readSecret(given, io)),
  );
  add(
    "unset <setting>",
    "let the default hold again; end sign-in with google-oauth or discord-oauth",
    (office, [name]) => unsetValue(office, name!),
  );
  add("show", "all settings", (office) => io.write(settingsTable(office)));
  add("list <what>", "list users or apikeys", (office, [what]) =>
    io.write(what === "users" ? usersTable(office) : keysTable(office, what)),
  );
  add(
    "add <what> <name> [password]",
    "add user <email> <password>, or apikey <name>",
    async (office, [what, name, password], options) => {
      const flags = readFlags(CONFIG_FLAGS, options, io.env);
      if (what === "user") await addAccount(office, name!, password, flags.isOn("admin"), io);
      else if (what === "apikey")
        io.write(addKey(office, { name: name!, ...scopeOf(flags.text("scope")), userEmail: flags.text("user") }));
      else throw new UsageError(`Add a user or an apikey, not "${what}".`);
    },
  );
  add("remove <what> <name>", "remove user <email>, or apikey <name>", (office, [what, name], options) => {
    if (what === "user") removeUser(office, name!);
    else if (what === "apikey") removeKey(office, name!, readFlags(CONFIG_FLAGS, options, io.env).text("user"));
    else throw new UsageError(`Remove a user or an apikey, not "${what}".`);
  });
}

async function addAccount(
  office: Office,
  email: string,
  given: string | undefined,
  admin: boolean,
  io: Io,
): Promise<void> {
  if (given === undefined)
    throw new UsageError("A user needs a password: add user <email> <password>, where - reads it from standard input.");
  await addUser(office, { email, password: await readSecret(given, io), admin });
}

async function readSecret(given: string, io: Io): Promise<string> {
  return given === "-" ? (await io.readInput()).replace(/\r?\n$/, "") : given;
}

function switchName(what: string | undefined): string {
  if (what === "localauth" || what === "registration") return what;
  throw new UsageError(`localauth and registration can be switched on and off, not "${what}".`);
}

function scopeOf(text: string | null): { scope: (typeof KEY_SCOPES)[number] } {
  const scope = KEY_SCOPES.find((known) => known === text);
  if (!scope)
    throw new UsageError(`A key needs --scope manager or --scope user${text === null ? "" : `, not "${text}"`}.`);
  return { scope };
}

function usersTable(office: Office): string {
  return table(
    allUsers(office).map((user) => [user.email, user.name, user.admin ? "admin" : "", user.disabled ? "disabled" : ""]),
  );
}

function keysTable(office: Office, what: string | undefined): string {
  if (what !== "apikeys") throw new UsageError(`List users or apikeys, not "${what}".`);
  return table(
    allKeys(office).map((key) => [
      key.name,
      `${key.prefix}…`,
      key.scope,
      key.userEmail ?? "",
      lastUse(key.lastUsedAtMs),
    ]),
  );
}

function lastUse(ms: number | null): string {
  return ms === null ? "never used" : `last used ${new Date(ms).toISOString()}`;
}

/** What `AppError` says on the command line is wrong usage when it is about what was typed. */
export function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof AppError && error.code === "bad_request");
}
