// Settings of what watches the process: metrics and traces. Traces have the names that OpenTelemetry gives them.
import { type Address, addressOf, type Setting, type SettingsReader } from "./settings-reader.ts"

export interface Watched {
  /** Bearer token that opens /metrics; null = nobody gets in by one. */
  metricsToken: string | null
  /** A listener of its own for /metrics, without a token; null = none. */
  metricsListen: Address | null
  /** Where traces go; null = calls are not traced. */
  otlp: OtlpConfig | null
}

export interface OtlpConfig {
  /** With its path. */
  url: string
  headers: Record<string, string>
  /** Of calls that are traced, 0 to 1. */
  ratio: number
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
  otlpEndpoint: {
    flag: "otlp-endpoint",
    env: "OTEL_EXPORTER_OTLP_ENDPOINT",
    help: "collector that gets traces as OTLP over HTTP, such as http://127.0.0.1:4318",
    fallback: "",
  },
  otlpHeaders: {
    flag: "",
    env: "OTEL_EXPORTER_OTLP_HEADERS",
    help: "headers for the collector: name=value, comma-separated",
    fallback: "",
    secret: true,
  },
  traceRatio: {
    flag: "trace-ratio",
    env: "OTEL_TRACES_SAMPLER_ARG",
    help: "share of calls that are traced, 0 to 1",
    fallback: "0.1",
  },
} as const satisfies Record<string, Setting>

type Reader = SettingsReader<keyof typeof WATCHED_SETTINGS>

export const readWatched = (read: Reader): Watched => ({
  metricsToken: token(read),
  metricsListen: addressOf(read, "metricsListen", "127.0.0.1:9464"),
  otlp: otlpOf(read),
})

/** Short ones are guessed. */
const TOKEN_CHARS_MIN = 16

function token(read: Reader): string | null {
  const text = read.optional("metricsToken")
  if (text !== null && !(/^[\w.~+/-]+=*$/.test(text) && text.length >= TOKEN_CHARS_MIN))
    read.wrong("metricsToken", `give ${TOKEN_CHARS_MIN} or more letters and digits, such as openssl rand -hex 24`)
  return text
}

function otlpOf(read: Reader): OtlpConfig | null {
  const ratio = Number(read.raw("traceRatio"))
  if (!(ratio >= 0 && ratio <= 1)) read.wrong("traceRatio", `"${read.raw("traceRatio")}" is not a number from 0 to 1`)
  const endpoint = read.optional("otlpEndpoint")
  if (endpoint === null) return null
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    read.wrong("otlpEndpoint", `"${endpoint}" is not an address such as http://127.0.0.1:4318`)
    return null
  }
  const headers: Record<string, string> = {}
  for (const pair of read.raw("otlpHeaders").split(",").filter(Boolean)) {
    const at = pair.indexOf("=")
    const name = pair.slice(0, Math.max(0, at)).trim()
    if (/^[\w-]+$/.test(name)) headers[name.toLowerCase()] = pair.slice(at + 1).trim()
    else read.wrong("otlpHeaders", "give name=value, comma-separated")
  }
  return { url: `${endpoint.endsWith("/") ? endpoint.slice(0, -1) : endpoint}/v1/traces`, headers, ratio }
}
