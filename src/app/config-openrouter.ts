// Setting of OpenRouter's provisioning API.
import type { Setting, SettingsReader } from "./settings-reader.ts"

export interface OpenrouterConfig {
  /** Makes and deletes keys of people; null = nobody gets one. */
  openrouterManagementKey: string | null
}

export const OPENROUTER_SETTINGS = {
  openrouterManagementKey: {
    flag: "",
    env: "PURSER_OPENROUTER_MANAGEMENT_KEY",
    help: "OpenRouter's management key, with which people get an account of their own there",
    fallback: "",
    secret: true,
  },
} as const satisfies Record<string, Setting>

export function readOpenrouter(read: SettingsReader<keyof typeof OPENROUTER_SETTINGS>): OpenrouterConfig {
  const key = read.optional("openrouterManagementKey")
  if (key !== null && !/^[\x21-\x7e]{16,300}$/.test(key))
    read.wrong("openrouterManagementKey", "give the key as OpenRouter shows it, without blanks")
  return { openrouterManagementKey: key }
}
