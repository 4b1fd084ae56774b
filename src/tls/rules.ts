// When a certificate is due, and what an operator is told of it. Pure.
import { DAY_MS } from "../app/index.ts"
import type { Certificate } from "./certificate.ts"

/** Authorities advise to renew when a third of its life is left: 30 days of 90, 2 of 6. */
export const isDue = ({ fromMs, untilMs }: Pick<Certificate, "fromMs" | "untilMs">, nowMs: number): boolean =>
  untilMs - nowMs < (untilMs - fromMs) / 3

export const daysLeft = ({ untilMs }: Pick<Certificate, "untilMs">, nowMs: number): number =>
  Math.floor((untilMs - nowMs) / DAY_MS)
