// Limits of routing, each with its unit and its reason.

export interface RoutingLimits {
  /** Failures within the window that open a circuit, when they are at least half of its calls: fewer are chance. */
  failuresToOpen: number
  /** First pause of an open circuit, ms; each failed probe doubles it… */
  openMs: number
  /** …up to this: a provider that is back is found within minutes. */
  openMsMax: number
  /** First pause of an account that was refused or is out of credit, ms: that takes a person to mend… */
  outMs: number
  /** …and up to this between two probes. */
  outMsMax: number
  /** Share that chance adds to a pause, so that circuits that opened together are not probed together. */
  jitter: number
  /** Upstreams asked for one call: a caller waits for each. */
  attemptsMax: number
  /** Candidates priced for one call; some are passed over. */
  candidatesMax: number
}

export const ROUTING_LIMITS: RoutingLimits = {
  failuresToOpen: 5,
  openMs: 5_000,
  openMsMax: 300_000,
  outMs: 60_000,
  outMsMax: 3_600_000,
  jitter: 0.2,
  attemptsMax: 4,
  candidatesMax: 8,
}

/** Pairs of account and model whose health is in memory, some 1.5 kB each; the one not called for longest goes first. */
export const HEALTH_PAIRS_MAX = 2_000
/** Times to a first token that are kept of one account and model: percentiles of a minute need no more. */
export const LATENCY_SAMPLES = 64
/** A weight is a share, not a rate. */
export const WEIGHT_MAX = 1_000
export const PRIORITY_MAX = 100
/** Far above what any provider grants. */
export const RPM_MAX = 10_000_000
export const TPM_MAX = 10_000_000_000
/** When nobody knows when a draining account comes back, seconds. */
export const DRAINING_RETRY_SECONDS = 60
/** Failed attempts on the page of an upstream. */
export const FAILED_SHOWN = 25
/** Attempts that are kept, rows at most, some 100 bytes each: a bad night makes millions. */
export const ATTEMPTS_ROWS_MAX = 200_000
