// Logs: one JSON line each, or short human lines on a terminal. Never secrets, tokens, codes or passwords.

export type LogLevel = "debug" | "info" | "warn" | "error"
const ORDER: Record<LogLevel, number> = { debug: 10, info: 20, warn: 30, error: 40 }

export interface Log {
  debug(event: string, fields?: Record<string, unknown>): void
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

export interface LogOptions {
  level: LogLevel
  format: "json" | "text"
  write?: (line: string) => void
  /** How long alike warnings and errors are counted together; a minute. */
  alikeMs?: number
}

export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const repeats = new Repeats(options.alikeMs ?? MINUTE_MS, (event, leftOut) =>
    put("warn", "log.repeated", { of: event, leftOut }),
  )
  const emit =
    (level: LogLevel) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (ORDER[level] < ORDER[options.level]) return
      if (ORDER[level] < ORDER.warn || repeats.mayPass(event)) put(level, event, fields)
    }
  function put(level: LogLevel, event: string, fields: Record<string, unknown>): void {
    const shown = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plain(value)]))
    const time = new Date().toISOString()
    if (options.format === "json") {
      write(JSON.stringify({ time, level, event, ...shown }))
      return
    }
    const rest = Object.entries(shown).map(
      ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    )
    write([time.slice(11, 23), level.padEnd(5), event, ...rest].join(" "))
  }
  return { debug: emit("debug"), info: emit("info"), warn: emit("warn"), error: emit("error") }
}

/** Warnings and errors of one event a minute; a fault that comes with every call must not fill the disk that it may be about. */
const ALIKE_MAX = 20
const MINUTE_MS = 60_000
/** The only place where such a mail can be read. */
const MAIL_IN_LOG = "mail.not_configured"

/** What goes on failing is told in full at first, then as a count. */
class Repeats {
  private readonly seen = new Map<string, number>()
  private timer: ReturnType<typeof setTimeout> | null = null

  /** @param tell called once a minute for each event of which lines were left out */
  constructor(
    private readonly ms: number,
    private readonly tell: (event: string, leftOut: number) => void,
  ) {}

  mayPass(event: string): boolean {
    if (event === MAIL_IN_LOG) return true
    const count = (this.seen.get(event) ?? 0) + 1
    this.seen.set(event, count)
    if (this.timer === null) {
      this.timer = setTimeout(() => this.turn(), this.ms)
      this.timer.unref?.()
    }
    return count <= ALIKE_MAX
  }

  private turn(): void {
    this.timer = null
    const over = [...this.seen].filter(([, count]) => count > ALIKE_MAX)
    this.seen.clear()
    for (const [event, count] of over) this.tell(event, count - ALIKE_MAX)
  }
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** Errors as text with their causes; everything else as it is. */
function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const cause = value.cause ? ` ← ${plain(value.cause)}` : ""
  return `${value.stack ?? value.message}${cause}`
}
