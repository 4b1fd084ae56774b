// The figures of all parts as Prometheus reads them. They are asked for when they are read; prom-client writes the text (its escapes, its
// order), and counts nothing itself: an observation of its own makes an object for each set of labels.
import type { Metric as LibraryMetric, Registry } from "prom-client"
import { type Histogram, PRODUCT_NAME } from "../app/index.ts"
import type { Labels, Metric, Sample } from "../part/index.ts"

interface Line {
  metricName?: string
  labels: Record<string, string | number>
  value: number
}

export interface Exposition {
  contentType: string
  text(): Promise<string>
}

/** Loaded by whoever serves metrics; most do not. */
const library = () => require("prom-client") as typeof import("prom-client")

export function createExposition(metrics: readonly Metric[]): Exposition {
  const { Registry } = library()
  const registry: Registry = new Registry()
  for (const metric of metrics) {
    const name = `${PRODUCT_NAME.toLowerCase()}_${metric.name}`
    // All that a registry asks of a metric is its name and `get`.
    const asked = {
      name,
      get: async () => ({ name, help: metric.help, type: metric.kind, values: linesOf(name, metric) }),
    }
    registry.registerMetric(asked as unknown as LibraryMetric)
  }
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

function linesOf(name: string, metric: Metric): Line[] {
  if (metric.kind !== "histogram") {
    const read = metric.read()
    return samplesOf(read).map(({ labels, value }) => ({ labels: { ...labels }, value }))
  }
  return samplesOf(metric.read()).flatMap(({ labels, value }) => bucketsOf(name, labels, value, metric.scale ?? 1))
}

const samplesOf = <Value>(read: Value | readonly Sample<Value>[]): readonly Sample<Value>[] =>
  Array.isArray(read) ? (read as readonly Sample<Value>[]) : [{ value: read as Value }]

/** Cumulative, as the format has them. */
function bucketsOf(name: string, labels: Labels | undefined, histogram: Histogram, scale: number): Line[] {
  let count = 0
  const buckets = [...histogram.counts].map((one, at): Line => {
    count += one
    const bound = histogram.bounds[at]
    const le = bound === undefined ? "+Inf" : Number((bound * scale).toPrecision(12))
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { ...labels }, value: histogram.sum * scale },
    { metricName: `${name}_count`, labels: { ...labels }, value: count },
  ]
}
