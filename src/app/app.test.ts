import { describe, expect, test } from "bun:test"
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type ConfigError,
  createIds,
  createKeyring,
  creditsDecimal,
  inspectConfig,
  loadMasterKeys,
  mistypedVariables,
  nano,
  parseCredits,
  readConfig,
  readMasterKeys,
  SETTINGS,
  saveMasterKeys,
  settingSource,
  usdDecimal,
  VirtualClock,
} from "./index.ts"

describe("units", () => {
  test("amounts are exact decimals in both directions", () => {
    expect(creditsDecimal(nano(1_900_000))).toBe("1.9")
    expect(creditsDecimal(nano(-1))).toBe("-0.000001")
    expect(usdDecimal(nano(1))).toBe("0.000000001")
    expect(parseCredits("1,240.5")).toBe(nano(1_240_500_000))
    for (const bad of ["", "-1", "1e3", "0.0000001", "1.2.3", "९", "99999999999999"])
      expect(parseCredits(bad)).toBeNull()
  })
  test("a float or an unsafe integer is never an amount", () => {
    expect(() => nano(0.5)).toThrow(RangeError)
    expect(() => nano(2 ** 53)).toThrow(RangeError)
    expect(() => nano(Number.NaN)).toThrow(RangeError)
  })
})

describe("ids", () => {
  test("sort by creation even within one millisecond, and never repeat", () => {
    const ids = createIds(new VirtualClock(1))
    const made = Array.from({ length: 2_000 }, () => ids.next("req"))
    expect([...made].sort()).toEqual(made)
    expect(new Set(made).size).toBe(2_000)
  })
})

describe("keyring", () => {
  const keyring = createKeyring(Buffer.alloc(32, 1))
  const blob = keyring.seal("upstream-key", "upstreams:key:1", "sk-secret")
  test("opens only with its key, its purpose and its place", () => {
    expect(keyring.open("upstream-key", "upstreams:key:1", blob)).toBe("sk-secret")
    expect(blob).not.toContain("sk-secret")
    expect(() => keyring.open("upstream-key", "upstreams:key:2", blob)).toThrow("does not open")
    expect(() => keyring.open("other", "upstreams:key:1", blob)).toThrow("does not open")
    expect(() => createKeyring(Buffer.alloc(32, 2)).open("upstream-key", "upstreams:key:1", blob)).toThrow(
      "another secret key",
    )
    expect(() => keyring.open("upstream-key", "upstreams:key:1", `${blob.slice(0, -4)}AAAA`)).toThrow()
  })
  test("of several keys the first seals, and each opens what it sealed", () => {
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const both = createKeyring([two, one])
    expect(both.open("upstream-key", "upstreams:key:1", blob)).toBe("sk-secret")
    const newer = both.seal("p", "a", "text")
    expect(createKeyring(two).open("p", "a", newer)).toBe("text")
    expect(both.hmac("p", "data")).toBe(createKeyring(two).hmac("p", "data"))
    both.use([two])
    expect(() => both.open("upstream-key", "upstreams:key:1", blob)).toThrow("another secret key")
    expect(() => createKeyring([])).toThrow("needs a key")
    expect(readMasterKeys("/nonexistent", `${"ab".repeat(32)},${"cd".repeat(32)}`)!.live).toHaveLength(2)
  })
  test("the key file is private, stable, and refused when others can read it", () => {
    const folder = mkdtempSync(join(tmpdir(), "purser-key-"))
    const first = loadMasterKeys(folder, null)
    expect(first.created).toBe(true)
    expect(statSync(join(folder, "secret.key")).mode & 0o777).toBe(0o600)
    expect(loadMasterKeys(folder, null).live).toEqual(first.live)
    const [older, retired] = [Buffer.alloc(32, 5), Buffer.alloc(32, 6)]
    saveMasterKeys({ live: [Buffer.alloc(32, 4), older], retired: [retired], file: first.file })
    expect(statSync(join(folder, "secret.key")).mode & 0o777).toBe(0o600)
    expect(readMasterKeys(folder, null)).toEqual({
      live: [Buffer.alloc(32, 4), older],
      retired: [retired],
      file: first.file,
    })
    chmodSync(join(folder, "secret.key"), 0o644)
    expect(() => loadMasterKeys(folder, null)).toThrow("chmod 600")
    rmSync(folder, { recursive: true })
  })
})

describe("config", () => {
  test("defaults serve on loopback", () => {
    const config = readConfig({}, {})
    expect([config.host, config.port, config.baseUrl]).toEqual(["127.0.0.1", 8080, "http://localhost:8080"])
  })
  test("flags win over the environment", () => {
    expect(readConfig({ port: "1" }, { PURSER_PORT: "2" }).port).toBe(1)
  })
  test("mail settings of ONCE count where ours are not set", () => {
    const once = { SMTP_ADDRESS: "mail.example.com", SMTP_PORT: "465", SMTP_USERNAME: "a@b.c", SMTP_PASSWORD: "p/w:d" }
    expect(readConfig({}, once).smtpUrl).toBe("smtps://a%40b.c:p%2Fw%3Ad@mail.example.com:465")
    const bare = { SMTP_ADDRESS: "mail.example.com", SMTP_PORT: "", MAILER_FROM_ADDRESS: "ai@example.com" }
    expect(readConfig({}, bare)).toMatchObject({ smtpUrl: "smtp://mail.example.com:587", mailFrom: "ai@example.com" })
    expect(settingSource("smtpUrl", {}, bare)).toBe("environment")
    const ours = { PURSER_SMTP_URL: "smtp://ours.example.com", PURSER_MAIL_FROM: "Us <us@example.com>" }
    expect(readConfig({}, { ...bare, ...ours })).toMatchObject({
      smtpUrl: ours.PURSER_SMTP_URL,
      mailFrom: ours.PURSER_MAIL_FROM,
    })
    expect(settingSource("smtpUrl", {}, { MAILER_FROM_ADDRESS: "ai@example.com" })).toBe("default")
  })
  test("a range that is none is named, and a free port needs a base URL", () => {
    for (const bad of ["10.0.0.0/33", "proxy.local", "::1/129", "1.2.3.4/x"]) {
      expect(() => readConfig({ "trusted-proxies": bad }, {})).toThrow(`"${bad}"`)
    }
    expect(readConfig({ "trusted-proxies": "10.0.0.0/8, ::1" }, {}).trustedProxies).toEqual(["10.0.0.0/8", "::1"])
    expect(() => readConfig({ port: "0" }, {})).toThrow("--base-url")
  })
  test("an address without its scheme is named with what a right one looks like, and the rest is still read", () => {
    for (const bad of [
      "ai.example.com",
      "localhost:8080",
      "ai.example.com:443",
      "ftp://ai.example.com",
      "https:",
      "://",
    ])
      for (const name of ["base-url", "console-url", "api-url", "site-url", "market-url"])
        for (const base of ["http://localhost:1", "https://ai.example.com"]) {
          const flags = { "base-url": base, [name]: bad, port: "many" }
          expect([name, bad, inspectConfig(flags, {}).problems]).toEqual([
            name,
            bad,
            [
              expect.stringContaining("PURSER_PORT"),
              `PURSER_${name.replace("-", "_").toUpperCase()}: "${bad}" is not a URL such as https://ai.example.com`,
            ],
          ])
        }
    // What goes with https is not named a second time for it.
    const also = { "base-url": "ai.example.com", "console-url": "https://console.example.com" }
    expect(inspectConfig(also, {}).problems).toHaveLength(1)
  })
  test("senders and admins are email addresses", () => {
    for (const bad of ["nobody", "House <nobody>", "House <a@b.c> x", "@", "House mail@example.com"]) {
      expect(inspectConfig({ "mail-from": bad }, {}).problems).toEqual([expect.stringContaining("PURSER_MAIL_FROM")])
      expect(inspectConfig({ admins: `a@example.com, ${bad}` }, {}).problems).toEqual([
        expect.stringContaining(`PURSER_ADMINS: "${bad.toLowerCase()}"`),
      ])
    }
    const good = { "mail-from": "mail@example.com", admins: "A@example.com, b@localhost" }
    expect(readConfig(good, {})).toMatchObject({
      mailFrom: "mail@example.com",
      adminEmails: ["a@example.com", "b@localhost"],
    })
  })
  test("a variable that is set to nothing is not set, and an empty flag is no number", () => {
    const empty = Object.fromEntries(Object.values(SETTINGS).map(({ env }) => [env, ""]))
    expect(inspectConfig({}, empty)).toEqual(inspectConfig({}, {}))
    expect(settingSource("port", {}, { PURSER_PORT: " " })).toBe("default")
    expect(inspectConfig({ port: "", "base-url": "http://localhost:1" }, {}).problems).toEqual([
      expect.stringContaining("PURSER_PORT"),
    ])
    const once = { PURSER_SMTP_URL: "", SMTP_ADDRESS: "mail.example.com" }
    expect(readConfig({}, once).smtpUrl).toBe("smtp://mail.example.com:587")
  })
  test("a slip in a name is told with the name that was meant; other words are nobody's setting", () => {
    expect(inspectConfig({ prot: "1" }, {}).problems).toEqual(["unknown option --prot; did you mean --port?"])
    expect(inspectConfig({ colour: "red" }, {}).problems).toEqual(["unknown option --colour"])
    const slips = { PURSER_PORTT: "1", PURSER_BASEURL: "", PURSER_SMTP_URL_FIL: "" }
    expect(mistypedVariables(slips)).toEqual([
      "PURSER_PORTT is no setting; did you mean PURSER_PORT?",
      "PURSER_BASEURL is no setting; did you mean PURSER_BASE_URL?",
      "PURSER_SMTP_URL_FIL is no setting; did you mean PURSER_SMTP_URL_FILE?",
    ])
    const others = [
      "ISSUER",
      "CLIENT_ID",
      "CLIENT_SECRET",
      "API_KEY",
      "URL",
      "APP_KEY",
      "KEY",
      "WEBHOOK_SECRET",
      "MCP_URL",
    ]
    const theirs = Object.fromEntries([...others, "SMOKE_TOKEN"].map((name) => [`PURSER_${name}`, "x"]))
    const ours = Object.fromEntries(
      Object.values(SETTINGS).flatMap(({ env }) => [
        [env, ""],
        [`${env}_FILE`, ""],
      ]),
    )
    expect(mistypedVariables({ ...theirs, ...ours, PATH: "" })).toEqual([])
  })
  test("all bad settings are reported at once", () => {
    const bad = () =>
      readConfig(
        { port: "many", colour: "red" },
        {
          PURSER_BASE_URL: "http://ai.example.com",
          PURSER_SMTP_URL: "mail",
          PURSER_SECRET_KEY: "short",
          PURSER_MAIL_FROM_FILE: "/nowhere",
        },
      )
    try {
      bad()
      expect.unreachable()
    } catch (error) {
      expect((error as ConfigError).problems.length).toBe(6)
    }
  })
})
