// Boot settings: flag > environment (or its _FILE twin) > default. All bad ones are reported at once.
import { readFileSync } from "node:fs"
import { isIP } from "node:net"
import { resolve } from "node:path"
import { REPLICA_SETTINGS, type ReplicaPart, readReplica } from "./config-replica.ts"
import { LIMITS } from "./limits.ts"
import type { LogLevel } from "./log.ts"

export interface Config extends ReplicaPart {
  dataDir: string
  host: string
  port: number
  /** Origin of issuer and links, without a trailing slash. Fixed at first run. */
  baseUrl: string
  /** 64 hex digits, or null = key file in the data folder. */
  secretKey: string | null
  /** smtp:// or smtps:// URL, or null = mail goes to the log, or to the mailbox page in demo mode. */
  smtpUrl: string | null
  mailFrom: string
  /** Emails that become admins once verified. */
  adminEmails: string[]
  /** Proxies whose word about the client's address is believed: addresses and CIDR ranges. */
  trustedProxies: string[]
  /** The header they say it in, lower case: `x-forwarded-for`, or one that holds a single address, such as `fly-client-ip`. */
  clientIpHeader: string
  logLevel: LogLevel
  logFormat: "json" | "text"
  drainMs: number
  /** Demo mode: mailbox page, sandbox upstream, never for real users. */
  demo: boolean
}

export class ConfigError extends Error {
  override name = "ConfigError"
  constructor(readonly problems: string[]) {
    super(`some settings are not right:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`)
  }
}

interface Setting {
  flag: string
  env: string
  help: string
  fallback: string
  secret?: boolean
}

/** Every setting, in the order `purser help` shows them. */
export const SETTINGS = {
  dataDir: {
    flag: "data-dir",
    env: "PURSER_DATA_DIR",
    help: "folder for the database and the key",
    fallback: "./data",
  },
  host: { flag: "host", env: "PURSER_HOST", help: "address to listen on", fallback: "127.0.0.1" },
  port: { flag: "port", env: "PURSER_PORT", help: "port to listen on", fallback: "8080" },
  baseUrl: { flag: "base-url", env: "PURSER_BASE_URL", help: "public origin, fixed at first run", fallback: "" },
  secretKey: { flag: "", env: "PURSER_SECRET_KEY", help: "master key, 64 hex digits", fallback: "", secret: true },
  smtpUrl: {
    flag: "smtp-url",
    env: "PURSER_SMTP_URL",
    help: "smtp://user:password@host:port",
    fallback: "",
    secret: true,
  },
  mailFrom: {
    flag: "mail-from",
    env: "PURSER_MAIL_FROM",
    help: "sender of mail",
    fallback: "Purser <purser@localhost>",
  },
  admins: { flag: "admins", env: "PURSER_ADMINS", help: "emails that become admins, comma-separated", fallback: "" },
  trustedProxies: {
    flag: "trusted-proxies",
    env: "PURSER_TRUSTED_PROXIES",
    help: "addresses or ranges of your proxies, comma-separated",
    fallback: "",
  },
  clientIpHeader: {
    flag: "client-ip-header",
    env: "PURSER_CLIENT_IP_HEADER",
    help: "header of those proxies that names the client's address",
    fallback: "x-forwarded-for",
  },
  logLevel: { flag: "log-level", env: "PURSER_LOG_LEVEL", help: "debug, info, warn or error", fallback: "info" },
  logFormat: { flag: "log-format", env: "PURSER_LOG_FORMAT", help: "json or text", fallback: "" },
  drainSeconds: {
    flag: "drain-seconds",
    env: "PURSER_DRAIN_SECONDS",
    help: "time for live streams to end on stop",
    fallback: String(LIMITS.drainMsDefault / 1_000),
  },
  ...REPLICA_SETTINGS,
} as const satisfies Record<string, Setting>

type Name = keyof typeof SETTINGS

/**
 * Reads the settings.
 * @param flags parsed `--name value` pairs by flag name
 * @throws ConfigError naming every bad setting
 */
export function readConfig(
  flags: Record<string, string>,
  env: Record<string, string | undefined>,
  demo = false,
): Config {
  const problems: string[] = []
  const raw = (name: Name): string => {
    const setting: Setting = SETTINGS[name]
    const file = env[`${setting.env}_FILE`]
    if (setting.flag && flags[setting.flag] !== undefined) return flags[setting.flag]!.trim()
    if (env[setting.env] !== undefined) return env[setting.env]!.trim()
    if (!file) return setting.fallback
    try {
      return readFileSync(file, "utf8").trim()
    } catch (error) {
      problems.push(`${setting.env}_FILE: cannot read ${file}: ${(error as Error).message}`)
      return setting.fallback
    }
  }
  const oneOf = <T extends string>(name: Name, allowed: readonly T[], fallback: T): T => {
    const value = raw(name) || fallback
    if (allowed.includes(value as T)) return value as T
    problems.push(`${SETTINGS[name].env}: "${value}" is not one of ${allowed.join(", ")}`)
    return fallback
  }
  const whole = (name: Name, min: number, max: number): number => {
    const value = Number(raw(name))
    if (Number.isInteger(value) && value >= min && value <= max) return value
    problems.push(`${SETTINGS[name].env}: "${raw(name)}" is not a whole number from ${min} to ${max}`)
    return min
  }
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.flag))
  for (const flag of Object.keys(flags)) if (!known.has(flag)) problems.push(`unknown option --${flag}`)

  const port = whole("port", 0, 65_535)
  const secretKey = raw("secretKey") || null
  if (secretKey && !/^[0-9a-f]{64}$/i.test(secretKey))
    problems.push("PURSER_SECRET_KEY: must be 64 hex digits (openssl rand -hex 32)")
  // The issuer is fixed for ever at first run: "any free port" cannot be part of it.
  if (port === 0 && !raw("baseUrl")) problems.push("PURSER_PORT: 0 takes any free port; give --base-url with it")
  const config: Config = {
    dataDir: resolve(raw("dataDir")),
    host: raw("host"),
    port,
    baseUrl: origin(raw("baseUrl") || `http://localhost:${port}`, problems),
    secretKey,
    smtpUrl: smtp(raw("smtpUrl"), problems),
    mailFrom: raw("mailFrom"),
    adminEmails: list(raw("admins")).map((email) => email.toLowerCase()),
    trustedProxies: ranges(raw("trustedProxies"), problems),
    clientIpHeader: headerName(raw("clientIpHeader"), problems),
    logLevel: oneOf("logLevel", ["debug", "info", "warn", "error"], "info"),
    logFormat: oneOf("logFormat", ["json", "text"], process.stderr.isTTY ? "text" : "json"),
    drainMs: whole("drainSeconds", 0, 3_600) * 1_000,
    ...readReplica({ raw, whole, env, problems }),
    demo,
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

const list = (text: string): string[] =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean)

function ranges(text: string, problems: string[]): string[] {
  const entries = list(text)
  for (const entry of entries) {
    const [address = "", bits = "0"] = entry.split("/")
    const widest = isIP(address) === 6 ? 128 : 32
    if (isIP(address) && /^\d+$/.test(bits) && Number(bits) <= widest) continue
    problems.push(`PURSER_TRUSTED_PROXIES: "${entry}" is not an address or a range such as 10.0.0.0/8`)
  }
  return entries
}

function headerName(text: string, problems: string[]): string {
  if (!/^[\w-]{1,64}$/.test(text)) problems.push(`PURSER_CLIENT_IP_HEADER: "${text}" is not the name of a header`)
  return text.toLowerCase()
}

function origin(text: string, problems: string[]): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const loopback = url && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)
  if (!url || !["http:", "https:"].includes(url.protocol))
    problems.push(`PURSER_BASE_URL: "${text}" is not a URL such as https://ai.example.com`)
  else if (url.protocol === "http:" && !loopback) problems.push("PURSER_BASE_URL: http is for loopback only; use https")
  else if (url.pathname !== "/" || url.search || url.hash || url.username)
    problems.push("PURSER_BASE_URL: give the origin alone, without path")
  return url?.origin ?? text
}

function smtp(text: string, problems: string[]): string | null {
  if (!text) return null
  if (URL.canParse(text) && ["smtp:", "smtps:"].includes(new URL(text).protocol)) return text
  problems.push("PURSER_SMTP_URL: must look like smtp://user:password@mail.example.com:587")
  return null
}
