// The charts, in one door: server-rendered SVG by d3-scale and d3-shape, each with its data as a table.
export * from "./days.tsx"
export type { DaysChartProps, Series } from "./frame.tsx"
export * from "./parts.tsx"
export * from "./sparkline.tsx"
export { CREDITS, counted, type Unit, USD } from "./unit.ts"
