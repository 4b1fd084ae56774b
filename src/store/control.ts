// The control socket: how CLI verbs reach a running server, so that no second process ever writes the database.
import { chmodSync, existsSync, rmSync } from "node:fs"
import { join } from "node:path"

export type ControlVerbs = Record<string, (input: Readonly<Record<string, unknown>>) => Promise<unknown>>

/** What the running server answered when it would not. */
export class ControlError extends Error {
  override name = "ControlError"
}

const pathOf = (dataDir: string): string => join(dataDir, "control.sock")

/** Listens on `control.sock` (0600) and answers named verbs with JSON. */
export function serveControl(dataDir: string, verbs: ControlVerbs): { stop(): Promise<void> } {
  const path = pathOf(dataDir)
  // We hold the folder's lock, so a socket that is still there belongs to a dead process.
  rmSync(path, { force: true })
  const server = Bun.serve({
    unix: path,
    // A verb takes as long as it takes; by itself the platform gives up after ten seconds, on a socket too, which its types do not say.
    ...({ idleTimeout: 0 } as object),
    async fetch(request) {
      const verb = verbs[new URL(request.url).pathname.slice(1)]
      if (!verb) return Response.json({ error: "no such verb" }, { status: 404 })
      try {
        return Response.json({ result: (await verb((await request.json()) as Record<string, unknown>)) ?? null })
      } catch (error) {
        return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 })
      }
    },
  })
  chmodSync(path, 0o600)
  return {
    async stop() {
      await server.stop(true)
      rmSync(path, { force: true })
    },
  }
}

/**
 * Asks the running server.
 * @returns null when no server runs on this folder
 * @throws ControlError with the server's own words when the verb failed
 */
export async function callControl(dataDir: string, verb: string, input: unknown): Promise<{ result: unknown } | null> {
  const path = pathOf(dataDir)
  if (!existsSync(path)) return null
  const response = await fetch(`http://control/${verb}`, {
    unix: path,
    method: "POST",
    body: JSON.stringify(input),
    timeout: false,
  } as RequestInit).catch(() => null)
  if (!response) return null
  const answer = (await response.json()) as { result?: unknown; error?: string }
  if (answer.error) throw new ControlError(answer.error)
  return { result: answer.result }
}
