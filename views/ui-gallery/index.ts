// Every part in every state on one page, for whoever builds the next page. Served at /_ui in demo mode.

export { galleryOptions } from "./options.ts"
export * from "./page.tsx"
