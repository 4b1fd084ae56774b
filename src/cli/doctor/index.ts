// Every check of the doctor in the order of a first hour: settings, folder, key, database, network, house. What the running server
// says of itself counts more than what can be read beside it.

import { database } from "./database.ts"
import { disk, folder, key } from "./folder.ts"
import { house, replica, replicaAway } from "./house.ts"
import { address, mail, port, proxies, settings } from "./network.ts"
import type { Examine, Finding, Patient } from "./types.ts"

export type { Finding, Patient, ServerCheck } from "./types.ts"

const CHECKS: readonly Examine[] = [
  settings,
  folder,
  disk,
  key,
  database,
  port,
  address,
  proxies,
  mail,
  house,
  replica,
  replicaAway,
]

export async function examine(patient: Patient): Promise<Finding[]> {
  const found = (await Promise.all(CHECKS.map((check) => guarded(check, patient)))).flat()
  const server = (patient.server ?? []).map(({ label, state, text, remedy }) => ({
    id: `server-${label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
    label,
    state,
    text,
    ...(remedy ? { remedy } : {}),
  }))
  // The server knows of its own labels more than its files tell; what it finds well may still be wrong outside it.
  const known = new Set(server.map(({ label }) => label))
  return [...found.filter(({ label, state }) => !known.has(label) || state === "bad"), ...server]
}

/** A check that fails is a finding, and keeps no other from being made. */
async function guarded(check: Examine, patient: Patient): Promise<Finding[]> {
  try {
    return await check(patient)
  } catch (error) {
    const remedy = "Look at the message; if it tells nothing, it is a fault of Purser worth reporting."
    return [
      {
        id: "check-failed",
        label: "Doctor",
        state: "bad",
        text: `a check could not be made: ${(error as Error).message}`,
        remedy,
      },
    ]
  }
}
