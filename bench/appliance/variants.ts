// What is measured against a plain server: each thing that an operator can turn on, alone.
import { randomSecret } from "../../src/app/index.ts"
import { settings, type Tried } from "../../test/replica/kit.ts"
import type { S3Server } from "../../test/replica/s3.ts"

export interface Variant {
  name: string
  env: Record<string, string>
  /** Writes its log to a file, as under a supervisor; else it is silent. */
  log: boolean
  /** Bearer token with which the figures are read once a second meanwhile. */
  scrape: string | null
}

export const PLAIN: Variant = { name: "plain", env: {}, log: false, scrape: null }
const TOKEN = randomSecret()

/** @param collector takes spans and forgets them */
export const observed = (collector: string): Variant[] => {
  const traces = (share: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_TRACES_SAMPLER_ARG: share })
  return [
    { ...PLAIN, name: "log", log: true },
    { ...PLAIN, name: "metrics", env: { PURSER_METRICS_TOKEN: TOKEN }, scrape: TOKEN },
    { ...PLAIN, name: "traces_10", env: traces("0.1") },
    { ...PLAIN, name: "traces_100", env: traces("1") },
  ]
}

/** Each Litestream into a store and into a folder. @param name of this replica, beside others */
export const replicated = (
  tried: readonly Tried[],
  s3: Pick<S3Server, "endpoint">,
  folder: string,
  name: string,
): (Variant & { tried: Tried })[] =>
  tried.flatMap((one) => {
    const of = (where: string, url: string) => ({
      ...PLAIN,
      tried: one,
      name: `replica_${one.version}_${where}`,
      env: settings(s3, one, { PURSER_REPLICA_URL: url, PURSER_REPLICA_NEW: new Date().toISOString().slice(0, 10) }),
    })
    return [of("s3", `s3://books/${name}/${one.version}`), of("folder", `file://${folder}/${name}-${one.version}`)]
  })
