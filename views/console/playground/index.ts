// The playground’s pages.
export * from "./page.tsx"
export * from "./pictures.tsx"
export type * from "./types.ts"
