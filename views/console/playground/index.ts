// The playground’s pages.
export * from "./media.tsx"
export * from "./page.tsx"
export type * from "./types.ts"
export * from "./videos.tsx"
