// What `jobs` tells of itself: whether the last run of every job went well.
import type { Check, Part } from "../part/index.ts"
import type { Jobs } from "./index.ts"

export const jobsPart: Part<{ jobs: Pick<Jobs, "states"> }> = {
  name: "jobs",
  run: ({ jobs }) => ({ checks: [() => lastRuns(jobs)] }),
}

function lastRuns(jobs: Pick<Jobs, "states">): Check {
  const failing = jobs.states().filter((job) => job.lastError !== null)
  if (failing.length === 0) return { label: "Jobs", state: "ok", text: "running" }
  return {
    label: "Jobs",
    state: "bad",
    text: `${failing.map((job) => job.name).join(", ")} failed`,
    remedy: "They are tried again at their next turn; the error is in the server’s log.",
  }
}
