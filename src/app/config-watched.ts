// Settings of what watches the process: metrics.
import { type Address, addressOf, type Setting, type SettingsReader } from "./settings-reader.ts"

export interface Watched {
  /** Bearer token that opens /metrics; null = nobody gets in by one. */
  metricsToken: string | null
  /** A listener of its own for /metrics, without a token; null = none. */
  metricsListen: Address | null
}

export const WATCHED_SETTINGS = {
  metricsToken: {
    flag: "",
    env: "PURSER_METRICS_TOKEN",
    help: "bearer token for /metrics, 16 characters or more",
    fallback: "",
    secret: true,
  },
  metricsListen: {
    flag: "metrics-listen",
    env: "PURSER_METRICS_LISTEN",
    help: "private address that serves /metrics without a token, such as 127.0.0.1:9464",
    fallback: "",
  },
} as const satisfies Record<string, Setting>

type Reader = SettingsReader<keyof typeof WATCHED_SETTINGS>

export const readWatched = (read: Reader): Watched => ({
  metricsToken: token(read),
  metricsListen: addressOf(read, "metricsListen", "127.0.0.1:9464"),
})

/** Short ones are guessed. */
const TOKEN_CHARS_MIN = 16

function token(read: Reader): string | null {
  const text = read.optional("metricsToken")
  if (text !== null && !(/^[\w.~+/-]+=*$/.test(text) && text.length >= TOKEN_CHARS_MIN))
    read.wrong("metricsToken", `give ${TOKEN_CHARS_MIN} or more letters and digits, such as openssl rand -hex 24`)
  return text
}
