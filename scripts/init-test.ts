// Makes the account and the key that `make run`, `make demo` and the README speak of, in the database given.
// They work only on a manager that listens on this machine alone. `--key` prints the key.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "#domain/app-error.ts";
import { addKey, addUser, changeSetting, withOffice } from "#manager/open.ts";

const EMAIL = "test@example.com";
const PASSWORD = "testpassword";
const KEY = "jk_r0_test_key_123456789012345678901234567890";

const [target] = process.argv.slice(2);
if (target === "--key") {
  console.log(KEY);
} else if (target) {
  mkdirSync(dirname(target), { recursive: true });
  await withOffice({ db: target }, async (office) => {
    changeSetting(office, "localauth", "on");
    await unlessThere(() =>
      addUser(office, { email: EMAIL, password: PASSWORD, name: "Test", admin: true, localOnly: true }),
    );
    await unlessThere(() =>
      addKey(office, { name: "test", scope: "manager", userEmail: null, secret: KEY, localOnly: true }),
    );
  });
} else {
  console.error("usage: init-test.ts <database> | --key");
  process.exitCode = 2;
}

async function unlessThere(make: () => unknown): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
  }
}
