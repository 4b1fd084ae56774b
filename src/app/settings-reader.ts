// Reads one setting: flag > environment > file that the environment names > default. What is wrong is gathered, so that all is told at once.
import { readFileSync } from "node:fs"

export interface Setting {
  /** Empty: by the environment alone, as secrets are, which lists of processes would show. */
  flag: string
  env: string
  help: string
  fallback: string
  secret?: boolean
}

export class SettingsReader<Name extends string> {
  constructor(
    private readonly settings: Readonly<Record<Name, Setting>>,
    private readonly flags: Readonly<Record<string, string>>,
    private readonly env: Readonly<Record<string, string | undefined>>,
    readonly problems: string[],
  ) {}

  raw(name: Name): string {
    const { flag, env, fallback } = this.settings[name]
    const file = this.env[`${env}_FILE`]
    if (flag && this.flags[flag] !== undefined) return this.flags[flag].trim()
    // Set to nothing is not set: composed files hand variables on that nobody gave a value.
    const given = this.env[env]?.trim()
    if (given) return given
    if (!file) return fallback
    try {
      return readFileSync(file, "utf8").trim()
    } catch (error) {
      this.problems.push(`${env}_FILE: cannot read ${file}: ${(error as Error).message}`)
      return fallback
    }
  }

  /** Null when it is not set. */
  optional(name: Name): string | null {
    return this.raw(name) || null
  }

  oneOf<T extends string>(name: Name, allowed: readonly T[], fallback: T): T {
    const value = this.raw(name) || fallback
    if (allowed.includes(value as T)) return value as T
    this.problems.push(`${this.settings[name].env}: "${value}" is not one of ${allowed.join(", ")}`)
    return fallback
  }

  whole(name: Name, min: number, max: number): number {
    const text = this.raw(name)
    const value = text === "" ? Number.NaN : Number(text)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    this.problems.push(`${this.settings[name].env}: "${text}" is not a whole number from ${min} to ${max}`)
    return Number(this.settings[name].fallback)
  }

  wrong(name: Name, words: string): void {
    this.problems.push(`${this.settings[name].env}: ${words}`)
  }
}

/** Whether a setting looks like one email address; whether mail arrives there, only mail tells. */
export const isEmail = (text: string): boolean => /^[^\s@<>]+@[^\s@<>]+$/.test(text)

/** Where a listener of its own listens. */
export interface Address {
  host: string
  port: number
}

/** @param example what a right one looks like */
export function addressOf<Name extends string>(
  read: SettingsReader<Name>,
  name: Name,
  example: string,
): Address | null {
  const text = read.optional(name)
  if (text === null) return null
  const [, host = "", port = ""] = /^(.+):(\d{1,5})$/.exec(text) ?? []
  if (host && Number(port) <= 65_535) return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) }
  read.wrong(name, `"${text}" is not an address and a port, such as ${example}`)
  return null
}
