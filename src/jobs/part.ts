// What `jobs` tells of itself: whether the last run of every job went well.
import { type Check, type Metric, type Part, said } from "../part/index.ts"
import type { Jobs } from "./index.ts"

export const jobsPart: Part<{ jobs: Pick<Jobs, "states" | "list"> }> = {
  name: "jobs",
  sentences: {
    "job.run": { topic: "settings", label: "Job run", say: ({ who, what }) => said`${who} ran the job ${what}` },
  },
  run: ({ jobs }) => ({ checks: [() => lastRuns(jobs)], metrics: metricsOf(jobs) }),
}

function lastRuns(jobs: Pick<Jobs, "states">): Check {
  const base = { label: "Jobs", href: "/admin/jobs" }
  const failing = jobs.states().filter((job) => job.lastError !== null)
  if (failing.length === 0) return { ...base, state: "ok", text: "running" }
  return {
    ...base,
    state: "bad",
    text: `${failing.map((job) => job.name).join(", ")} failed`,
    remedy: "They are tried again by themselves, later each time; Jobs shows the error and runs one at once.",
  }
}

function metricsOf({ list }: Pick<Jobs, "list">): Metric[] {
  return [
    {
      kind: "counter",
      name: "job_runs_total",
      help: "Runs of a job by this process.",
      read: () =>
        list().flatMap(({ name, runs, failures }) => [
          { labels: { job: name, result: "ok" }, value: runs - failures },
          { labels: { job: name, result: "failed" }, value: failures },
        ]),
    },
    {
      kind: "gauge",
      name: "job_last_seconds",
      help: "What the last run of a job took.",
      read: () =>
        list().flatMap(({ name, tookMs }) =>
          tookMs === null ? [] : [{ labels: { job: name }, value: tookMs / 1_000 }],
        ),
    },
    {
      kind: "gauge",
      name: "job_last_ok_timestamp_seconds",
      help: "When a job last went well.",
      read: () =>
        list().flatMap(({ name, lastOkMs }) =>
          lastOkMs === null ? [] : [{ labels: { job: name }, value: lastOkMs / 1_000 }],
        ),
    },
  ]
}
