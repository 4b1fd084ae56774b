// Which origin an address belongs to, where the parts of the server have origins of their own. By its first segment: pages come from
// the sites' lists, the rest is named here.
import type { HostName } from "../../http/index.ts"
import { ADMIN_PAGES } from "../admin/index.ts"
import { AUTH_PAGES } from "../auth/index.ts"
import { CONSOLE_PAGES } from "../console/index.ts"
import { PORTAL_PAGES } from "../portal/index.ts"
import { PUBLIC_PAGES } from "./pages.ts"

const EVERYWHERE: readonly HostName[] = []

const firstOf = (path: string): string => path.split("/")[1] ?? ""
const from = (pages: readonly { path: string }[], ...hosts: HostName[]): [string, readonly HostName[]][] =>
  pages.map(({ path }) => [firstOf(path), hosts])

/** Later lines win. */
const HOSTS: ReadonlyMap<string, readonly HostName[]> = new Map([
  ...from(PUBLIC_PAGES, "site"),
  ...from([...CONSOLE_PAGES, ...PORTAL_PAGES, ...ADMIN_PAGES], "console"),
  ...from(AUTH_PAGES, "auth"),
  // What stands in settings needs the session of sign-in: passwords, factors, devices.
  ["settings", ["auth"]],
  // Endpoints without a page.
  ...from(
    ["/token", "/revoke", "/introspect", "/par", "/register", "/device_authorization"].map((path) => ({ path })),
    "auth",
  ),
  ["v1", ["api"]],
  ["m", ["api"]],
  // Its forms are the console's too, which sends its cookie.
  ["api", ["api", "console"]],
  // Calls are made from it by people who are signed in.
  ["reference", ["site", "console"]],
  // Pages of every origin ask for these, each for itself.
  ...[
    "console",
    "unfinished",
    "acting",
    "theme",
    "search",
    "search.json",
    "media",
    "assets",
    "sdk",
    "sdk.js",
    "sdk.js.map",
    "sdk.d.ts",
    "brand.css",
    "touch.png",
    "mailbox",
    "_ui",
    "openapi.json",
  ].map((name): [string, readonly HostName[]] => [name, EVERYWHERE]),
  ...["livez", "readyz", "up", "metrics", "robots.txt"].map((name): [string, readonly HostName[]] => [
    name,
    EVERYWHERE,
  ]),
  // The documents of sign-in and of what it protects; each names its own address.
  [".well-known", EVERYWHERE],
])

/** @param path as it was sent, without its query */
export const hostsOf = (path: string): readonly HostName[] => HOSTS.get(firstOf(path)) ?? EVERYWHERE
