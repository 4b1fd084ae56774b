// What a check of the doctor looks at, and what it says. Everything outside the process comes in by the patient, so that each fault can
// be seeded in a test.
import type { Config } from "../../app/index.ts"
import type { Litestream } from "../../replica/index.ts"

export interface Finding {
  /** Kebab-case; scripts know it by this. */
  id: string
  /** One word, as on the admin's overview. */
  label: string
  state: "ok" | "warn" | "bad"
  /** In a few words. */
  text: string
  /** What to do, one sentence; whatever is not well has one. */
  remedy?: string
}

export interface ServerCheck {
  label: string
  state: "ok" | "warn" | "bad"
  text: string
  remedy?: string | undefined
}

export interface Patient {
  config: Config
  problems: readonly string[]
  /** Variables that may be mistyped settings, a sentence each. */
  mistyped: readonly string[]
  /** The database file. */
  path: string
  nowMs: number
  freeBytes(folder: string): number
  /** Whether the folder lies in memory, and is gone with the machine. */
  isInMemory(folder: string): boolean
  /** What the running server says of itself; null = none runs on this folder. */
  server: readonly ServerCheck[] | null
  /** @throws ReplicaError when there is none, or one that is not known */
  litestream(): Pick<Litestream, "version" | "unsafe">
}

export type Examine = (patient: Patient) => Finding[] | Promise<Finding[]>

/** Finds of one check. */
export const said = (id: string, label: string) => ({
  ok: (text: string): Finding => ({ id, label, state: "ok", text }),
  warn: (text: string, remedy: string): Finding => ({ id, label, state: "warn", text, remedy }),
  bad: (text: string, remedy: string): Finding => ({ id, label, state: "bad", text, remedy }),
})
