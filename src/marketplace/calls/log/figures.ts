// Sums of calls as pages show them: by day, endpoint or subscription, with how long answers took. Pure.
import { addCounts, type DayCounts, type DayRow, Latencies, noCounts } from "./rules.ts"

export interface Figures extends DayCounts {
  /** All that was refused before it left. */
  refused: number
  /** ms below which this part of the answers came; null = there were none. */
  p50: number | null
  p95: number | null
  p99: number | null
}

export interface FiguresOf {
  /** Day, endpoint or subscription. */
  of: number
  figures: Figures
}

export interface CallFigures {
  total: Figures
  /** Those that had calls, oldest first. */
  days: FiguresOf[]
  /** Most calls first; 0 = no endpoint was found. */
  endpoints: FiguresOf[]
}

export interface ProductFigures {
  total: Figures
  /** Those that had calls. */
  products: FiguresOf[]
}

class Adding {
  private readonly counts = noCounts()
  private readonly latencies = new Latencies()
  add(row: DayRow): void {
    addCounts(this.counts, row)
    this.latencies.add(new Latencies(row.latencies))
  }
  figures(): Figures {
    const { counts, latencies } = this
    const { refusedKey, refusedPlan, refusedRate, refusedQuota, refusedState, refusedOther } = counts
    return {
      ...counts,
      refused: refusedKey + refusedPlan + refusedRate + refusedQuota + refusedState + refusedOther,
      p50: latencies.percentile(0.5),
      p95: latencies.percentile(0.95),
      p99: latencies.percentile(0.99),
    }
  }
}

function grouped(rows: readonly DayRow[], by: (row: DayRow) => number): FiguresOf[] {
  const groups = new Map<number, Adding>()
  for (const row of rows) {
    const group = groups.get(by(row)) ?? new Adding()
    group.add(row)
    groups.set(by(row), group)
  }
  return [...groups].map(([of, group]) => ({ of, figures: group.figures() }))
}

/** Of several products: together, and each. */
export function figuresByProduct(rows: readonly DayRow[]): ProductFigures {
  const total = new Adding()
  for (const row of rows) total.add(row)
  return { total: total.figures(), products: grouped(rows, ({ productId }) => productId) }
}

export function figuresOf(rows: readonly DayRow[]): CallFigures {
  const total = new Adding()
  for (const row of rows) total.add(row)
  return {
    total: total.figures(),
    days: grouped(rows, ({ day }) => day).sort((a, b) => a.of - b.of),
    endpoints: grouped(rows, ({ endpointId }) => endpointId).sort((a, b) => b.figures.calls - a.figures.calls),
  }
}
