// What routes need beside the pages themselves.
export * from "./assets.ts"
export * from "./frame.ts"
export * from "./html.ts"
