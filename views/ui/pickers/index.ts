// Parts that choose and that take special input.
export * from "./code.tsx"
export * from "./password.tsx"
export * from "./slider.tsx"
