// Logs: one JSON line each, or short human lines on a terminal. Never secrets, tokens, codes or passwords.

export type LogLevel = "debug" | "info" | "warn" | "error"
const ORDER: Record<LogLevel, number> = { debug: 10, info: 20, warn: 30, error: 40 }

export interface Log {
  debug(event: string, fields?: Record<string, unknown>): void
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

export function createLog(options: { level: LogLevel; format: "json" | "text"; write?: (line: string) => void }): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const emit =
    (level: LogLevel) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (ORDER[level] < ORDER[options.level]) return
      const shown = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plain(value)]))
      const time = new Date().toISOString()
      if (options.format === "json") return write(JSON.stringify({ time, level, event, ...shown }))
      const rest = Object.entries(shown).map(
        ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
      )
      write([time.slice(11, 23), level.padEnd(5), event, ...rest].join(" "))
    }
  return { debug: emit("debug"), info: emit("info"), warn: emit("warn"), error: emit("error") }
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** Errors as text with their causes; everything else as it is. */
function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const cause = value.cause ? ` ← ${plain(value.cause)}` : ""
  return `${value.stack ?? value.message}${cause}`
}
