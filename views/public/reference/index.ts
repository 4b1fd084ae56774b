// The reference of the API, in one door.
export * from "./operation.tsx"
export * from "./overview.tsx"
export * from "./types.ts"
