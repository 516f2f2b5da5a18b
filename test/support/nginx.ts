import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { debianProgram } from "./debian-program.ts";
import { until } from "./until.ts";

const SITE = join(import.meta.dir, "../../deploy/nginx/jiggablend.conf");

/** Debian's nginx with the site of `deploy/`, before a server on this machine. */
export type Nginx = AsyncDisposable & {
  /** `https://127.0.0.1:<port>` */
  url: string;
  /** The address that is there only to lead to `url`. */
  plainUrl: string;
  /** The certificate, which is its own authority, and where it lies. */
  certificate: string;
  certificateFile: string;
  /** Where nginx would keep bodies that it does not pass on at once. */
  temporary: string;
  errors: () => string;
  stop: () => Promise<void>;
};

/** Starts it; only names, ports and paths of the site are changed. */
export async function startNginx(folder: string, upstreamPort: number): Promise<Nginx> {
  const home = mkdtempSync(join(folder, "nginx-"));
  const temporary = join(home, "temporary");
  mkdirSync(temporary);
  const certificateFile = await makeCertificate(home);
  const [plain, secure] = [await freePort(), await freePort()];
  writeFileSync(join(home, "site.conf"), siteFor(readFileSync(SITE, "utf8"), { plain, secure, upstreamPort, home }));
  writeFileSync(join(home, "nginx.conf"), mainConfig(home, temporary));
  const { program, env } = debianProgram("sbin/nginx");
  const child = Bun.spawn([program, "-p", home, "-c", "nginx.conf", "-e", "errors.log"], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const errors = (): string => readFileSync(join(home, "errors.log"), "utf8");
  await until(
    "nginx answers",
    () =>
      fetch(`http://127.0.0.1:${plain}`, { redirect: "manual" }).then(
        () => true,
        () => false,
      ),
    { describe: errors },
  );
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await child.exited;
  };
  return {
    url: `https://127.0.0.1:${secure}`,
    plainUrl: `http://127.0.0.1:${plain}`,
    certificate: readFileSync(certificateFile, "utf8"),
    certificateFile,
    temporary,
    errors,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function mainConfig(home: string, temporary: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;
pid ${home}/nginx.pid;
${process.getuid?.() === 0 ? "user root;" : ""}
events { worker_connections 256; }
http {
  access_log off;
  ${kinds.map((kind) => `${kind}_temp_path ${temporary}/${kind};`).join("\n  ")}
  include ${home}/site.conf;
}
`;
}

function siteFor(
  site: string,
  { plain, secure, upstreamPort, home }: { plain: number; secure: number; upstreamPort: number; home: string },
): string {
  const changes: [string, string][] = [
    ["listen 80;", `listen 127.0.0.1:${plain};`],
    ["listen 443 ssl http2;", `listen 127.0.0.1:${secure} ssl http2;`],
    ["server 127.0.0.1:8080;", `server 127.0.0.1:${upstreamPort};`],
    ["/etc/letsencrypt/live/farm.example/fullchain.pem", `${home}/certificate.pem`],
    ["/etc/letsencrypt/live/farm.example/privkey.pem", `${home}/key.pem`],
  ];
  return changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`the site does not say "${from}" once`);
    return text.replace(from, to);
  }, site);
}

async function makeCertificate(home: string): Promise<string> {
  const command =
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=farm.example -addext subjectAltName=IP:127.0.0.1";
  const made = Bun.spawn([...command.split(" "), "-keyout", "key.pem", "-out", "certificate.pem"], {
    cwd: home,
    stdio: ["ignore", "ignore", "pipe"],
  });
  if ((await made.exited) !== 0) throw new Error(`openssl: ${await made.stderr.text()}`);
  return join(home, "certificate.pem");
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
