// The charts, in one door: server-rendered SVG by d3-scale and d3-shape, each with its data as a table.
export * from "./days.tsx"
export * from "./funnel.tsx"
export * from "./heat.tsx"
export * from "./parts.tsx"
export type { Begin, DaysChartProps, Series } from "./prepare.ts"
export * from "./sparkline.tsx"
export { CREDITS, cellsOf, counted, creditsWith, type Unit, USD } from "./unit.ts"
