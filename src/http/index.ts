// The door of `http`: what every site needs to read requests and answer them.
export * from "./context.ts"
export * from "./cookies.ts"
export * from "./csrf.ts"
export * from "./dialects.ts"
export * from "./forms.ts"
export * from "./responses.ts"
export * from "./server.ts"
export * from "./static.ts"
