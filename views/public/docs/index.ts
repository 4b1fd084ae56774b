// The documentation: its front, a page, its search.
export * from "./hub.tsx"
export * from "./search.tsx"
export * from "./text.tsx"
export type * from "./types.ts"
