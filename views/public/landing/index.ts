// The door of the front page's views.
export { LandingPage } from "./page.tsx"
export type * from "./types.ts"
