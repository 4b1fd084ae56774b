// Written words, code and data to read. The libraries behind them are loaded with the first part that needs them.

export * from "./diff.tsx"
export * from "./highlight.ts"
export * from "./json.tsx"
export * from "./markdown.ts"
export type { Author } from "./policy.ts"
export * from "./prose.tsx"
export * from "./reading.tsx"
