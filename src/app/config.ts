// Boot settings: flag > environment (or its _FILE twin) > default. All bad ones are reported at once.
import { isIP } from "node:net"
import { resolve } from "node:path"
import { HOST_SETTINGS, type Hosts, originProblem, readHosts } from "./config-hosts.ts"
import { withOnce } from "./config-once.ts"
import { OPENROUTER_SETTINGS, type OpenrouterConfig, readOpenrouter } from "./config-openrouter.ts"
import { REPLICA_SETTINGS, type ReplicaPart, readReplica } from "./config-replica.ts"
import { readSignIn, SIGN_IN_SETTINGS, type SignInConfig } from "./config-sign-in.ts"
import { readStripe, STRIPE_SETTINGS, type StripeConfig } from "./config-stripe.ts"
import { readTls, TLS_SETTINGS, type TlsConfig } from "./config-tls.ts"
import { readWatched, WATCHED_SETTINGS, type Watched } from "./config-watched.ts"
import { LIMITS } from "./limits.ts"
import type { LogLevel } from "./log.ts"
import { nearest } from "./nearest.ts"
import { isEmail, type Setting, SettingsReader } from "./settings-reader.ts"

export interface Config extends Watched, TlsConfig, ReplicaPart, SignInConfig, OpenrouterConfig {
  stripe: StripeConfig
  dataDir: string
  host: string
  port: number
  /** Origin of issuer and links, without a trailing slash. Fixed at first run. */
  baseUrl: string
  hosts: Hosts
  /** 64 hex digits (older keys follow, with commas between), or null = key file in the data folder. */
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
  /** MMDB file that knows where network addresses are; null = no place is shown. */
  geoipFile: string | null
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
  ...HOST_SETTINGS,
  secretKey: {
    flag: "",
    env: "PURSER_SECRET_KEY",
    help: "master key, 64 hex digits; older ones after a comma",
    fallback: "",
    secret: true,
  },
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
  geoipFile: {
    flag: "geoip-file",
    env: "PURSER_GEOIP_FILE",
    help: "MMDB file, for the places of devices in people's settings",
    fallback: "",
  },
  logLevel: { flag: "log-level", env: "PURSER_LOG_LEVEL", help: "debug, info, warn or error", fallback: "info" },
  logFormat: { flag: "log-format", env: "PURSER_LOG_FORMAT", help: "json or text", fallback: "" },
  drainSeconds: {
    flag: "drain-seconds",
    env: "PURSER_DRAIN_SECONDS",
    help: "time for live streams to end on stop",
    fallback: String(LIMITS.drainMsDefault / 1_000),
  },
  ...TLS_SETTINGS,
  ...WATCHED_SETTINGS,
  ...REPLICA_SETTINGS,
  ...STRIPE_SETTINGS,
  ...SIGN_IN_SETTINGS,
  ...OPENROUTER_SETTINGS,
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS
type Name = SettingName

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
  const { config, problems } = inspectConfig(flags, env, demo)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

/** Where a setting's value comes from; what stands further left wins. */
export type SettingSource = "flag" | "environment" | "file" | "default"

/** @returns where each setting comes from, by its name in `SETTINGS` */
export const settingSource = (
  name: Name,
  flags: Record<string, string>,
  env: Record<string, string | undefined>,
): SettingSource => {
  const setting: Setting = SETTINGS[name]
  if (setting.flag && flags[setting.flag] !== undefined) return "flag"
  if (withOnce(env)[setting.env]?.trim()) return "environment"
  return env[`${setting.env}_FILE`] ? "file" : "default"
}

/** What `readConfig` reads, with what is wrong with it instead of an error; a bad setting stands at its default. */
export function inspectConfig(
  flags: Record<string, string>,
  given: Record<string, string | undefined>,
  demo = false,
): { config: Config; problems: string[] } {
  const env = withOnce(given)
  const problems: string[] = []
  const read = new SettingsReader<Name>(SETTINGS, flags, env, problems)
  const raw = (name: Name): string => read.raw(name)
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.flag))
  for (const flag of Object.keys(flags))
    if (!known.has(flag)) problems.push(`unknown option --${flag}${didYouMean(nearest(flag, [...known]), "--")}`)

  const port = read.whole("port", 0, 65_535)
  const secretKey = raw("secretKey") || null
  if (secretKey && !/^[0-9a-f]{64}(,[0-9a-f]{64})*$/i.test(secretKey))
    problems.push("PURSER_SECRET_KEY: must be 64 hex digits (openssl rand -hex 32)")
  // The issuer is fixed for ever at first run: "any free port" cannot be part of it.
  if (port === 0 && !raw("baseUrl")) problems.push("PURSER_PORT: 0 takes any free port; give --base-url with it")
  const baseUrl = readBaseUrl(raw("baseUrl"), `http://localhost:${port}`, problems)
  const config: Config = {
    dataDir: resolve(raw("dataDir")),
    host: raw("host"),
    port,
    baseUrl,
    hosts: readHosts(read, baseUrl),
    secretKey,
    smtpUrl: smtp(raw("smtpUrl"), problems),
    mailFrom: sender(raw("mailFrom"), problems),
    adminEmails: emails(raw("admins"), problems),
    trustedProxies: ranges(raw("trustedProxies"), problems),
    clientIpHeader: headerName(raw("clientIpHeader"), problems),
    geoipFile: raw("geoipFile") ? resolve(raw("geoipFile")) : null,
    logLevel: read.oneOf("logLevel", ["debug", "info", "warn", "error"], "info"),
    logFormat: read.oneOf("logFormat", ["json", "text"], process.stderr.isTTY ? "text" : "json"),
    drainMs: read.whole("drainSeconds", 0, 3_600) * 1_000,
    ...readTls(read, baseUrl),
    ...readWatched(read),
    ...readReplica(read, env),
    ...readStripe(read),
    ...readSignIn(read),
    ...readOpenrouter(read),
    demo,
  }
  return { config, problems }
}

const didYouMean = (name: string | null, before = ""): string => (name ? `; did you mean ${before}${name}?` : "")

/**
 * Variables that look like settings and are none. They stop nothing: programs beside a server name theirs in the same way.
 * @returns a sentence for each whose name is close to that of a setting
 */
export function mistypedVariables(env: Record<string, string | undefined>): string[] {
  const known = Object.values(SETTINGS).flatMap((setting) => [setting.env, `${setting.env}_FILE`])
  return Object.keys(env)
    .filter((name) => name.startsWith("PURSER_") && !known.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, known)
      return meant ? [`${name} is no setting${didYouMean(meant)}`] : []
    })
}

const list = (text: string): string[] =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean)

function sender(text: string, problems: string[]): string {
  const [, address = text] = /<([^<>]*)>$/.exec(text) ?? []
  if (!isEmail(address)) problems.push(`PURSER_MAIL_FROM: "${text}" is not a sender such as House <mail@example.com>`)
  return text
}

function emails(text: string, problems: string[]): string[] {
  const entries = list(text).map((email) => email.toLowerCase())
  for (const entry of entries)
    if (!isEmail(entry)) problems.push(`PURSER_ADMINS: "${entry}" is not an email address such as you@example.com`)
  return entries
}

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

/** @returns an origin in any case: settings that are held against it are read, too, so that all problems are told at once */
function readBaseUrl(text: string, fallback: string, problems: string[]): string {
  if (!text) return fallback
  const problem = originProblem(text)
  if (problem) problems.push(`PURSER_BASE_URL: ${problem}`)
  // Most often only the scheme is missing; `localhost:8080` parses as a URL, but its origin is "null".
  const meant = [text, `https://${text}`].find((one) => /^https?:/.test(one) && URL.canParse(one))
  return meant ? new URL(meant).origin : fallback
}

function smtp(text: string, problems: string[]): string | null {
  if (!text) return null
  if (URL.canParse(text) && ["smtp:", "smtps:"].includes(new URL(text).protocol)) return text
  problems.push("PURSER_SMTP_URL: must look like smtp://user:password@mail.example.com:587")
  return null
}
