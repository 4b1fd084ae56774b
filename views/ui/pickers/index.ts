// Parts that choose, and that take special input.
export * from "./code.tsx"
export * from "./combobox.tsx"
export * from "./dates.tsx"
export type { OptionSource, PickerOption } from "./listbox.tsx"
export * from "./multi.tsx"
export * from "./password.tsx"
export * from "./slider.tsx"
export * from "./tags.tsx"
