// Reading JSON that somebody else wrote.
export type Json = Record<string, unknown>

export const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const string = (value: unknown): string => (typeof value === "string" ? value : "")
